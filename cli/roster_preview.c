#include "cli/roster_preview.h"

#include "base/money.h"
#include "cli/config_store.h"
#include "cli/line.h"
#include "cli/loaded.h"
#include "cli/replay.h"
#include "cli/roster_report.h"
#include "cli/store_overlay.h"
#include "consumers/roster_update.h"
#include "policy/term.h"

#define PART_ARENA_BYTES ((size_t)128 << 20)

struct preview {
    const struct roster_preview_request *request;
    const struct roster_outgoing *list;
    struct arena *arena, *part_arena;
    struct loaded loaded;
    struct fault fault; /* of a store that could not be opened */
    struct replay *replay;
    struct roster_answer answer;
    bool has_heading;    /* of the settlements */
    size_t other_lists;  /* receipts of lists that were still being applied */
    size_t moved, still; /* settlements whose money moves, and those that only say another identity or status */
    size_t warnings, withdrawals;
    money sum, funds[TERM_LIMIT];
    char rejection[128];
};

/* ---- What the stages say ---- */

static const char *with_sign(int64_t fen, char *buffer)
{
    buffer[0] = '+';
    money_format(MONEY_FEN(fen), fen > 0 ? buffer + 1 : buffer);
    return buffer;
}

static void add_lines(struct preview *preview, Settled__V1__Settlement__Line *const *lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if ((size_t)lines[i]->fund < COUNT_OF(preview->funds))
            preview->funds[lines[i]->fund].fen += lines[i]->delta_fen;
}

/* The middle of an identity number is nobody's business, whoever reads this over a shoulder. */
static void print_settlement(const Settled__V1__Settlement *settlement)
{
    char delta[MONEY_TEXT_SIZE + 1];
    const char *id = settlement->person_id;
    printf("  %.6s**********%s  %d年 %s %s  %s元  %s\n", id, strlen(id) > 16 ? id + 16 : "", (int)settlement->year,
        term_chinese(TERM_SUBJECT, (int)settlement->subject), settlement->subject_id,
        with_sign(settlement->delta_fen, delta), term_chinese(TERM_OUTCOME, (int)settlement->status));
}

static void take_settlement(struct preview *preview, const Settled__V1__Settlement *settlement)
{
    if (settlement->delta_fen == 0) {
        preview->still++;
        return;
    }
    if (!preview->has_heading)
        printf("资金将变动的结算：\n");
    preview->has_heading = true;
    print_settlement(settlement);
    preview->moved++;
    preview->sum.fen += settlement->delta_fen;
    add_lines(preview, settlement->lines, settlement->n_lines);
    add_lines(preview, settlement->withdrawn, settlement->n_withdrawn);
}

static void take_warning(struct preview *preview, const Settled__V1__Warning *warning)
{
    preview->warnings += warning->kind == SETTLED__V1__WARNING__KIND__CROSSED;
    preview->withdrawals += warning->kind == SETTLED__V1__WARNING__KIND__WITHDRAWN;
}

static bool take_message(struct preview *preview, ProtobufCMessage *message)
{
    if (message->descriptor == &settled__v1__settlement__descriptor)
        take_settlement(preview, (const Settled__V1__Settlement *)message);
    else if (message->descriptor == &settled__v1__warning__descriptor)
        take_warning(preview, (const Settled__V1__Warning *)message);
    else if (message->descriptor == &settled__v1__rejection__descriptor)
        snprintf(
            preview->rejection, sizeof preview->rejection, "%s", ((const Settled__V1__Rejection *)message)->reason);
    else if (message->descriptor == &settled__v1__roster_receipt__descriptor) {
        bool is_ours = roster_answer_take(&preview->answer, preview->list, (Settled__V1__RosterReceipt *)message);
        preview->other_lists += !is_ours;
        return is_ours;
    }
    return false;
}

/* Our own stages made it, so it can be read; receipts of the list are kept. */
static void take_output(void *context, const struct log_output *output)
{
    ProtobufCMessage *message;
    struct fault fault;
    enum status status = line_unpack(topic_find(text_of(output->topic)), output->value, &message, &fault);
    CHECK(status == STATUS_OK);
    if (!take_message(context, message))
        protobuf_c_message_free_unpacked(message, NULL);
}

/* ---- Telling ---- */

static void print_funds(const struct preview *preview)
{
    char text[MONEY_TEXT_SIZE + 1];
    printf("资金：%zu笔结算将变动，合计%s元", preview->moved, with_sign(preview->sum.fen, text));
    for (int fund = 1; fund <= term_last(TERM_FUND); fund++)
        if (preview->funds[fund].fen != 0)
            printf("；%s%s元", term_chinese(TERM_FUND, fund), with_sign(preview->funds[fund].fen, text));
    printf("\n");
    if (preview->still > 0)
        printf("另有%zu笔结算只改变身份或状态，金额不变\n", preview->still);
    if (preview->warnings + preview->withdrawals > 0)
        printf("预警：新发出%zu条，解除%zu条\n", preview->warnings, preview->withdrawals);
}

static int tell(const struct preview *preview)
{
    printf("试算：没有发送，什么都没有改变；按此刻Redis中的状态计算\n");
    if (preview->rejection[0] != '\0') {
        printf("将被拒收：%s（%s）\n", roster_report_reason(preview->rejection), preview->rejection);
        return EXIT_CODE_FAILED;
    }
    if (!roster_answer_is_whole(&preview->answer)) {
        printf("这份名单先前已经送达：再次发送不会有任何改变\n");
        return EXIT_CODE_DONE;
    }
    roster_report_answer(&preview->answer, preview->list, stdout);
    print_funds(preview);
    if (preview->other_lists > 0)
        printf("注意：还有%zu份名单正在处理，它们的影响也计算在内\n", preview->other_lists);
    return roster_answer_is_taken(&preview->answer) ? EXIT_CODE_DONE : EXIT_CODE_FAILED;
}

/* ---- Running ---- */

static enum status run_part(struct preview *preview, int32_t part, struct fault *fault)
{
    const struct roster_outgoing *list = preview->list;
    struct log_output record = { .topic = ROSTER_TOPIC, .key = list->key };
    enum status status = roster_outgoing_part(preview->part_arena, list, part, &record.value);
    if (status == STATUS_OK)
        status = replay_run(preview->replay, &record, list->recorded_at, fault);
    else
        (void)fault_set(fault, status, "", "%s", status_sentence(status));
    arena_reset(preview->part_arena);
    return status;
}

/* What the store says of itself is kept: the replay would only call it "out of memory". */
static struct store *open_store(void *context, const char *stage)
{
    struct preview *preview = context;
    char *name = arena_take(preview->arena, CONFIG_STORE_NAME_SIZE);
    CHECK(name != NULL);
    struct store *base = config_store_new(&preview->loaded.config, stage, name), *store = NULL;
    CHECK(base != NULL);
    return store_overlay_new(base, &store, &preview->fault) == STATUS_OK ? store : NULL;
}

static int run(struct preview *preview)
{
    struct fault fault = { .status = STATUS_OK };
    const struct replay_ground ground = { open_store, preview, preview->loaded.config.secret };
    struct log_feed_outlet outlet = { take_output, preview };
    enum status status = replay_new_over(&preview->loaded.packs, &ground, outlet, &preview->replay, &fault);
    for (int32_t part = 1; part <= preview->list->header.parts && status == STATUS_OK; part++)
        status = run_part(preview, part, &fault);
    if (status == STATUS_OK)
        return tell(preview);
    bool is_store = preview->fault.status != STATUS_OK;
    command_complain(
        preview->request->command, "%s%s", is_store ? "Redis: " : "", is_store ? preview->fault.text : fault.text);
    return EXIT_CODE_FAILED;
}

int roster_preview(
    const struct roster_preview_request *request, struct arena *arena, const struct roster_outgoing *list)
{
    struct preview *preview = ARENA_NEW(arena, struct preview);
    struct arena *part_arena = arena_new(PART_ARENA_BYTES);
    int code = EXIT_CODE_FAILED;
    CHECK(preview != NULL && part_arena != NULL);
    *preview = (struct preview){ .request = request, .list = list, .arena = arena, .part_arena = part_arena };
    if (loaded_begin(request->command, request->servers, request->packs, &preview->loaded)) {
        code = run(preview);
        replay_free(preview->replay);
        roster_answer_done(&preview->answer);
        loaded_end(&preview->loaded);
    }
    arena_free(part_arena);
    return code;
}
