#include "cli/verify_statement.h"

#include "cli/line.h"
#include "cli/statement_compare.h"
#include "cli/whole_file.h"

#define FILE_MB_MAX 64
#define SHEET_BYTES ((size_t)2 << 30)
#define OWED_BYTES ((size_t)4 << 30)
#define PATIENCE_MS 30000

static void print_problems(const struct statement_sheet *sheet)
{
    for (size_t i = 0; i < sheet->problem_count; i++) {
        const struct statement_problem *problem = &sheet->problems[i];
        fprintf(stderr, "第%ld行 “%.*s”%s\n", problem->row, TEXT_FORMAT(statement_heading(problem->column)),
            roster_complaint_chinese(problem->complaint));
    }
}

/* A statement of which a cell cannot be read is not compared: every figure would be wrong by that cell. */
static bool read_sheet(
    const struct verify_statement_request *request, struct arena *arena, struct statement_sheet *ret_sheet)
{
    struct text bytes;
    struct fault fault = { .status = STATUS_OK };
    if (!whole_file_read(request->command, arena, request->file, FILE_MB_MAX, &bytes))
        return false;
    enum status status = statement_sheet_read(arena, bytes, ret_sheet, &fault);
    if (status != STATUS_OK) {
        command_complain(request->command, "%s: %s", request->file,
            status == STATUS_BAD_VALUE ? fault.text : status_sentence(status));
        return false;
    }
    print_problems(ret_sheet);
    if (ret_sheet->problem_count > 0)
        command_complain(
            request->command, "%s: 有%zu处无法读取，没有核对；请更正后再试", request->file, ret_sheet->problem_count);
    return ret_sheet->problem_count == 0;
}

static void take_record(void *owed, const rd_kafka_message_t *record)
{
    ProtobufCMessage *message;
    struct fault fault;
    struct text value = { record->payload, record->len };
    if (record->payload == NULL || line_unpack(topic_find(TEXT("settlement")), value, &message, &fault) != STATUS_OK)
        return;
    statement_owed_take(owed, (const Settled__V1__Settlement *)message);
    protobuf_c_message_free_unpacked(message, NULL);
}

bool verify_statement(const struct verify_statement_request *request, size_t *ret_differences)
{
    struct statement_sheet sheet;
    struct statement_owed owed;
    struct arena *arena = arena_new(SHEET_BYTES), *owed_arena = arena_new(OWED_BYTES);
    const struct statement_owed_wanted wanted = { text_of(request->region), text_of(request->institution),
        text_of(request->month) };
    CHECK(arena != NULL && owed_arena != NULL);
    statement_owed_begin(&owed, owed_arena, &wanted);
    bool good =
        read_sheet(request, arena, &sheet) && kafka_reader_drain(request->topic, PATIENCE_MS, take_record, &owed);
    if (good)
        *ret_differences = statement_compare(arena, &sheet, &owed, wanted.institution, stdout);
    statement_owed_done(&owed);
    arena_free(owed_arena);
    arena_free(arena);
    return good;
}
