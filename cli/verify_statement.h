/** `settledctl verify --statement`: a hospital's file against the settlement topic. */
#pragma once

#include "cli/kafka_reader.h"

struct verify_statement_request {
    const struct command *command;
    const char *file;
    const char *region, *institution, *month; /* NULL: all */
    struct kafka_reader *topic;               /* `settlement`, from the beginning */
};

/** Prints what differs. False after a complaint: it could not be done. */
bool verify_statement(const struct verify_statement_request *request, size_t *ret_differences);
