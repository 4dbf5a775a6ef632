#include "cli/settled_http.h"

#include "cli/settled_health.h"

#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MAX 64
#define CONNECTION_TIMEOUT_SECONDS 10

struct settled_http {
    struct MHD_Daemon *daemon;
    const struct settled_workers *workers;
};

/* ---- Answers ---- */

struct answer {
    unsigned int code;
    const char *content_type;
    char *body; /* malloc'ed */
};

static struct answer answer_of(const struct settled_workers *workers, const char *path)
{
    static const char json[] = "application/json";
    size_t count = settled_workers_count(workers);
    struct settled_member *members = calloc(count, sizeof *members);
    if (members == NULL)
        return (struct answer){ .body = NULL };
    for (size_t i = 0; i < count; i++)
        members[i] = settled_workers_member(workers, i);
    struct settled_verdict verdict = settled_health_judge(members, count);
    struct answer answer = { MHD_HTTP_NOT_FOUND, json, NULL };
    if (strcmp(path, "/healthz") == 0)
        answer = (struct answer){ verdict.is_healthy ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE, json,
            settled_health_json(members, count) };
    else if (strcmp(path, "/readyz") == 0)
        answer = (struct answer){ verdict.is_ready ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE, json,
            settled_health_json(members, count) };
    else if (strcmp(path, "/metrics") == 0)
        answer = (struct answer){ MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8",
            settled_health_metrics(members, count) };
    else
        answer.body = strdup("{\"error\":\"there are /healthz, /readyz and /metrics\"}");
    free(members);
    return answer;
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, const struct answer *answer)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(answer->body), answer->body, MHD_RESPMEM_MUST_FREE);
    if (response == NULL) {
        free(answer->body);
        return MHD_NO;
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->content_type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    enum MHD_Result queued = MHD_queue_response(connection, answer->code, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result refuse_method(struct MHD_Connection *connection)
{
    const struct answer answer = { MHD_HTTP_METHOD_NOT_ALLOWED, "application/json",
        strdup("{\"error\":\"GET only\"}") };
    return answer.body == NULL ? MHD_NO : send_answer(connection, &answer);
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *path, const char *method,
    const char *version, const char *upload, size_t *upload_size, void **request)
{
    static int seen;
    const struct settled_http *http = context;
    (void)version, (void)upload;
    /* The library calls twice: with the head, and when the (empty) body is over. */
    if (*request == NULL) {
        *request = &seen;
        return MHD_YES;
    }
    if (*upload_size != 0) {
        *upload_size = 0;
        return MHD_YES;
    }
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return refuse_method(connection);
    const struct answer answer = answer_of(http->workers, path);
    return answer.body == NULL ? MHD_NO : send_answer(connection, &answer);
}

/* ---- Listening ---- */

static int bind_to(const struct addrinfo *address)
{
    int yes = 1;
    int fd = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->ai_protocol);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, CONNECTIONS_MAX) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

static enum status open_socket(const struct config_address *address, int *ret_fd, struct fault *fault)
{
    char port[8];
    struct addrinfo *found = NULL;
    const struct addrinfo hints = { .ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM };
    snprintf(port, sizeof port, "%d", address->port);
    int failed = getaddrinfo(address->host, port, &hints, &found);
    if (failed != 0)
        return fault_set(fault, STATUS_SYSTEM, "http.listen", "%s: %s", address->host, gai_strerror(failed));
    int fd = bind_to(found);
    int why = errno;
    freeaddrinfo(found);
    if (fd < 0)
        return fault_set(fault, STATUS_SYSTEM, "http.listen", "%s:%s: %s", address->host, port, strerror(why));
    *ret_fd = fd;
    return STATUS_OK;
}

enum status settled_http_start(const struct config_address *listen, const struct settled_workers *workers,
    struct settled_http **ret_http, struct fault *fault)
{
    int fd = -1;
    enum status status = open_socket(listen, &fd, fault);
    if (status != STATUS_OK)
        return status;
    struct settled_http *http = calloc(1, sizeof *http);
    if (http != NULL) {
        http->workers = workers;
        http->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO, 0, NULL, NULL, handle, http,
            MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)CONNECTION_TIMEOUT_SECONDS, MHD_OPTION_END);
    }
    if (http == NULL || http->daemon == NULL) {
        close(fd);
        free(http);
        return fault_set(fault, STATUS_SYSTEM, "http.listen", "no thread or memory for HTTP");
    }
    *ret_http = http;
    return STATUS_OK;
}

void settled_http_stop(struct settled_http *http)
{
    if (http == NULL)
        return;
    MHD_stop_daemon(http->daemon);
    free(http);
}
