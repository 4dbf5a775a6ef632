/** What a reconciliation prints: a line for each difference, and one for the whole. No identity number is printed
 *  whole. */
#pragma once

#include "cli/verify_compare.h"

#include <stdio.h>

void verify_report_difference(
    const struct verify_person *person, const struct verify_difference *difference, FILE *stream);

struct verify_total {
    size_t persons, subjects, settlements, differences;
    size_t settled_meanwhile; /* persons who agreed only when they were read again */
    size_t skipped;           /* persons who changed each time they were read */
    money topic, ledger;
    size_t fund_sums; /* compared of the funds */
    money outgo;      /* of their stored ledgers */
    bool funds_moved; /* they were being booked all the time, and were not compared */
};
void verify_report_total(const struct verify_total *total, FILE *stream);
