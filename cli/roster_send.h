/** Sends a list to Kafka and waits for what the processor says of it. */
#pragma once

#include "cli/command.h"
#include "cli/roster_outgoing.h"
#include "cli/servers.h"

struct roster_send_request {
    const struct command *command;
    const struct servers_options *servers;
    int wait_s;
};

/** Prints the receipt. A list whose receipt is there already is not sent again. EXIT_CODE_DONE: taken (but for the rows
 *  that the receipt names); EXIT_CODE_FAILED: refused, not sent, or no receipt in time. */
int roster_send(const struct roster_send_request *request, const struct roster_outgoing *list);
