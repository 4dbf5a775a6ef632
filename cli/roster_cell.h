/** One cell of an office's list, from what was typed to what the wire wants: full-width letters and digits, stray
 *  blanks, Excel's leading quote, dates as people write them. Nothing is guessed: what can be meant in two ways or has
 *  lost digits is a complaint. Pure; results live in the arena. An empty cell is an empty text. */
#pragma once

#include "base/arena.h"
#include "base/text.h"

enum roster_complaint {
#define COMPLAINT(name, chinese) ROSTER_COMPLAINT_##name,
#include "cli/roster_complaint.def"
#undef COMPLAINT
    ROSTER_COMPLAINT_COUNT
};
/** One clause in Chinese that follows the name of a column; lives for ever. */
const char *roster_complaint_chinese(enum roster_complaint complaint);

/** How the cells of a column are read. */
enum roster_cell {
    ROSTER_CELL_ID,     /* an identity number: X upper case. Whether it is a right one is for the processor to say */
    ROSTER_CELL_NAME,   /* 张　三 -> 张三; blanks between Latin letters stay, one each */
    ROSTER_CELL_DAY,    /* -> 2023-03-01 */
    ROSTER_CELL_PERIOD, /* -> 2023-03 or 2023 */
    ROSTER_CELL_YEAR,   /* -> 2023 */
    ROSTER_CELL_YUAN,   /* ￥1,234.50元 -> 123450, in fen */
    ROSTER_CELL_PLAIN,  /* as it stands, blanks taken out */
};

/** NONE: `ret_text` is what was meant. The arena being full leaves an empty text and is remembered by the arena. */
enum roster_complaint roster_cell_read(
    enum roster_cell kind, struct arena *arena, struct text cell, struct text *ret_text);

/** Full-width made half-width, blanks and invisible characters taken out, Excel's `'` and `="…"` taken off; for words
 *  and headings. */
struct text roster_cell_plain(struct arena *arena, struct text cell);
