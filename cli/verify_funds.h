/** The reconciliation of every region's funds, beside a processor at work: read again until all sides agree, or until
 *  nothing has moved for a while. */
#pragma once

#include "cli/kafka_reader.h"
#include "cli/verify_report.h"

struct verify_funds_request {
    const struct command *command;
    const struct config *config;
    FILE *stream; /* for the differences */
};

/** Adds to the total. False after a complaint: it could not be done. */
bool verify_funds(const struct verify_funds_request *request, struct verify_total *total);
