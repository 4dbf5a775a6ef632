#include "cli/roster_cell.h"

#include "base/day.h"
#include "base/money.h"
#include "consumers/person_id.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>

#define BLANK 0x20u
/** Longer cells are no day, period, year or amount. */
#define SHORT_CELL 64

const char *roster_complaint_chinese(enum roster_complaint complaint)
{
    static const char *const sentences[] = {
#define COMPLAINT(name, chinese) chinese,
#include "cli/roster_complaint.def"
#undef COMPLAINT
    };
    return sentences[complaint];
}

/* ---- Characters ---- */

/* The text is well-formed UTF-8: csv_decode has seen to it. */
static uint32_t next_character(struct text *rest)
{
    const unsigned char *at = (const unsigned char *)rest->at;
    size_t length = at[0] < 0x80 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    uint32_t character = length == 1 ? at[0] : at[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++)
        character = character << 6 | (at[i] & 0x3fu);
    rest->at += length;
    rest->length -= length;
    return character;
}

/* Beside the blanks of every keyboard: no-break, ideographic and zero-width ones, marks of direction and of byte
 * order, as come with text copied from web pages. */
static bool is_blank(uint32_t c)
{
    return c <= BLANK || c == 0x7f || c == 0xa0 || c == 0xad || c == 0x1680 || (c >= 0x2000 && c <= 0x200f)
        || (c >= 0x2028 && c <= 0x202f) || (c >= 0x205f && c <= 0x206f) || c == 0x3000 || c == 0xfeff;
}

static uint32_t half_width(uint32_t c)
{
    if (c >= 0xff01 && c <= 0xff5e)
        return c - 0xfee0;
    if (c == 0x2018 || c == 0x2019)
        return '\'';
    if (c == 0x201c || c == 0x201d)
        return '"';
    return c;
}

/* What is read is only copied or made shorter: as many bytes are always enough. */
static bool take_copy(struct arena *arena, struct text cell, char **ret_copy)
{
    char *copy = arena_take(arena, cell.length + 1);
    if (copy == NULL)
        return false;
    *ret_copy = copy;
    return true;
}

static size_t put_bytes(char *to, const char *from, size_t length)
{
    memcpy(to, from, length);
    return length;
}

/* Half-width, each run of blanks inside as one blank, none at the ends. */
static struct text tidy(struct arena *arena, struct text cell)
{
    char *copy;
    size_t length = 0;
    bool owes_blank = false;
    if (!take_copy(arena, cell, &copy))
        return TEXT_EMPTY;
    while (cell.length > 0) {
        const char *from = cell.at;
        uint32_t c = half_width(next_character(&cell));
        if (is_blank(c)) {
            owes_blank = length > 0;
            continue;
        }
        if (owes_blank)
            copy[length++] = ' ';
        owes_blank = false;
        if (c < 0x80)
            copy[length++] = (char)c;
        else
            length += put_bytes(copy + length, from, (size_t)(cell.at - from));
    }
    return (struct text){ copy, length };
}

/* Excel shows '140425... and ="140425..." as the text behind the sign. */
static struct text strip_marks(struct text text)
{
    if (text.length > 0 && text.at[0] == '\'')
        return (struct text){ text.at + 1, text.length - 1 };
    if (text.length >= 3 && text.at[0] == '=' && text.at[1] == '"' && text.at[text.length - 1] == '"')
        return (struct text){ text.at + 2, text.length - 3 };
    return text;
}

static struct text without_blanks(struct arena *arena, struct text text)
{
    char *copy;
    size_t length = 0;
    if (!take_copy(arena, text, &copy))
        return TEXT_EMPTY;
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] != ' ')
            copy[length++] = text.at[i];
    return (struct text){ copy, length };
}

struct text roster_cell_plain(struct arena *arena, struct text cell)
{
    return strip_marks(without_blanks(arena, tidy(arena, cell)));
}

/* ---- Identity numbers and names ---- */

static size_t count_digits(struct text text)
{
    size_t count = 0;
    while (count < text.length && isdigit((unsigned char)text.at[count]))
        count++;
    return count;
}

static bool is_all_digits(struct text text)
{
    return text.length > 0 && count_digits(text) == text.length;
}

static struct text behind(struct text text, size_t length)
{
    return (struct text){ text.at + length, text.length - length };
}

/* 1.40425E+17, 1E17 */
static bool is_scientific(struct text text)
{
    size_t whole = count_digits(text);
    if (whole == 0)
        return false;
    text = behind(text, whole);
    if (text.length > 0 && text.at[0] == '.')
        text = behind(text, 1 + count_digits(behind(text, 1)));
    if (text.length < 2 || (text.at[0] != 'E' && text.at[0] != 'e'))
        return false;
    text = behind(text, text.at[1] == '+' || text.at[1] == '-' ? 2 : 1);
    return is_all_digits(text);
}

static enum roster_complaint read_id(struct arena *arena, struct text cell, struct text *ret_text)
{
    struct text id = roster_cell_plain(arena, cell);
    if (is_scientific(id))
        return ROSTER_COMPLAINT_SCIENTIFIC;
    if (id.length == 15 && is_all_digits(id))
        return ROSTER_COMPLAINT_FIFTEEN_DIGITS;
    if (id.length == PERSON_ID_LENGTH && is_all_digits(id) && text_equal(behind(id, 15), TEXT("000"))
        && !person_id_is_valid(id))
        return ROSTER_COMPLAINT_DIGITS_LOST;
    char *copy = arena_copy(arena, id.at, id.length);
    if (copy != NULL && id.length == PERSON_ID_LENGTH && copy[id.length - 1] == 'x')
        copy[id.length - 1] = 'X';
    *ret_text = copy == NULL ? TEXT_EMPTY : (struct text){ copy, id.length };
    return ROSTER_COMPLAINT_NONE;
}

/* A blank is there to part Latin words; between Chinese characters it only fills a column. */
static bool parts_words(struct text text, size_t blank)
{
    return (unsigned char)text.at[blank - 1] < 0x80 && (unsigned char)text.at[blank + 1] < 0x80;
}

static enum roster_complaint read_name(struct arena *arena, struct text cell, struct text *ret_text)
{
    struct text name = strip_marks(tidy(arena, cell));
    char *copy;
    size_t length = 0;
    *ret_text = TEXT_EMPTY;
    if (!take_copy(arena, name, &copy))
        return ROSTER_COMPLAINT_NONE;
    for (size_t i = 0; i < name.length; i++)
        if (name.at[i] != ' ' || (i > 0 && parts_words(name, i)))
            copy[length++] = name.at[i];
    *ret_text = (struct text){ copy, length };
    return ROSTER_COMPLAINT_NONE;
}

/* ---- Days, months, years ---- */

/* Reads `least` to `most` digits. */
static bool take_number(struct text *rest, size_t least, size_t most, int *ret_number)
{
    size_t count = count_digits(*rest);
    int number = 0;
    if (count < least || count > most)
        return false;
    for (size_t i = 0; i < count; i++)
        number = number * 10 + (rest->at[i] - '0');
    *rest = behind(*rest, count);
    *ret_number = number;
    return true;
}

static bool take_text(struct text *rest, const char *wanted)
{
    if (!text_begins(*rest, text_of(wanted)))
        return false;
    *rest = behind(*rest, strlen(wanted));
    return true;
}

static bool is_serial(struct text text)
{
    size_t whole = count_digits(text);
    bool is_number = whole == text.length || (text.at[whole] == '.' && is_all_digits(behind(text, whole + 1)));
    return whole == 5 && is_number;
}

/* "2023/3/1 0:00:00" and "2023-03-01T00:00:00": the time of a day in a list says nothing. */
static struct text without_time(struct text text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((text.at[i] == ' ' || text.at[i] == 'T') && memchr(text.at + i, ':', text.length - i) != NULL)
            return (struct text){ text.at, i };
    return text;
}

/* Year, month and day with these texts behind them. */
static bool is_written(struct text text, const char *const marks[3], struct day_parts *ret_parts)
{
    struct day_parts parts;
    bool good = take_number(&text, 4, 4, &parts.year) && take_text(&text, marks[0])
        && take_number(&text, 1, 2, &parts.month) && take_text(&text, marks[1]) && take_number(&text, 1, 2, &parts.day)
        && take_text(&text, marks[2]) && text.length == 0;
    if (good)
        *ret_parts = parts;
    return good;
}

static bool is_compact(struct text text, struct day_parts *ret_parts)
{
    int number;
    if (text.length != 8 || !take_number(&text, 8, 8, &number))
        return false;
    *ret_parts = (struct day_parts){ number / 10000, number / 100 % 100, number % 100 };
    return true;
}

static bool find_parts(struct text text, struct day_parts *ret_parts)
{
    static const char *const marks[][3] = { { "-", "-", "" }, { "/", "/", "" }, { ".", ".", "" }, { "年", "月", "日" },
        { "年", "月", "号" }, { "年", "月", "" } };
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (is_written(text, marks[i], ret_parts))
            return true;
    return is_compact(text, ret_parts);
}

static bool is_real_month(int year, int month)
{
    return year >= 1 && month >= 1 && month <= 12;
}

static struct text keep(struct arena *arena, const char *text)
{
    char *copy = arena_copy(arena, text, strlen(text));
    return copy == NULL ? TEXT_EMPTY : text_of(copy);
}

static enum roster_complaint read_day(struct arena *arena, struct text cell, struct text *ret_text)
{
    struct day_parts parts;
    char written[DAY_TEXT_SIZE];
    struct text text = without_blanks(arena, without_time(strip_marks(tidy(arena, cell))));
    if (text.length == 0)
        return ROSTER_COMPLAINT_NONE;
    if (is_serial(text))
        return ROSTER_COMPLAINT_SERIAL_DATE;
    if (!find_parts(text, &parts) || !is_real_month(parts.year, parts.month) || parts.day < 1
        || parts.day > days_in_month(parts.year, parts.month))
        return ROSTER_COMPLAINT_NOT_A_DATE;
    day_format(day_of(parts.year, parts.month, parts.day), written);
    *ret_text = keep(arena, written);
    return ROSTER_COMPLAINT_NONE;
}

static bool take_year(struct text *rest, int *ret_year)
{
    if (!take_number(rest, 4, 4, ret_year) || *ret_year < 1)
        return false;
    if (take_text(rest, "年"))
        (void)take_text(rest, "度");
    return true;
}

/* 2023.1 is January, or what a spreadsheet leaves of 2023.10: nobody knows. */
static bool take_month(struct text text, int *ret_year, int *ret_month)
{
    int number;
    if (text.length == 6 && take_number(&text, 6, 6, &number)) {
        *ret_year = number / 100;
        *ret_month = number % 100;
        return true;
    }
    if (!take_number(&text, 4, 4, ret_year))
        return false;
    bool has_point = take_text(&text, ".");
    if (!has_point && !take_text(&text, "-") && !take_text(&text, "/") && !take_text(&text, "年"))
        return false;
    if (!take_number(&text, has_point ? 2 : 1, 2, ret_month))
        return false;
    if (take_text(&text, "月"))
        (void)take_text(&text, "份");
    return text.length == 0;
}

static enum roster_complaint read_period(struct arena *arena, struct text cell, struct text *ret_text)
{
    int year, month;
    char written[SHORT_CELL];
    struct text text = roster_cell_plain(arena, cell), rest = text;
    if (text.length == 0)
        return ROSTER_COMPLAINT_NONE;
    if (take_year(&rest, &year) && rest.length == 0)
        snprintf(written, sizeof written, "%04d", year);
    else if (is_serial(text))
        return ROSTER_COMPLAINT_SERIAL_DATE;
    else if (take_month(text, &year, &month) && is_real_month(year, month))
        snprintf(written, sizeof written, "%04d-%02d", year, month);
    else
        return ROSTER_COMPLAINT_NOT_A_PERIOD;
    *ret_text = keep(arena, written);
    return ROSTER_COMPLAINT_NONE;
}

static enum roster_complaint read_year(struct arena *arena, struct text cell, struct text *ret_text)
{
    int year;
    char written[SHORT_CELL];
    struct text rest = roster_cell_plain(arena, cell);
    if (rest.length == 0)
        return ROSTER_COMPLAINT_NONE;
    if (!take_year(&rest, &year) || rest.length != 0)
        return ROSTER_COMPLAINT_NOT_A_YEAR;
    snprintf(written, sizeof written, "%04d", year);
    *ret_text = keep(arena, written);
    return ROSTER_COMPLAINT_NONE;
}

/* ---- Amounts ---- */

/* Takes out the commas of 1,234,567.00; false when one stands elsewhere. */
static bool without_commas(struct text text, char *number)
{
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        size_t digits = count_digits(behind(text, i + 1 < text.length ? i + 1 : text.length));
        if (text.at[i] == ',' && (i == 0 || digits != 3 || memchr(text.at, '.', i) != NULL))
            return false;
        if (text.at[i] != ',')
            number[length++] = text.at[i];
    }
    number[length] = '\0';
    return true;
}

static enum roster_complaint read_yuan(struct arena *arena, struct text cell, struct text *ret_text)
{
    char number[SHORT_CELL + 1], fen[SHORT_CELL];
    money amount;
    struct text text = roster_cell_plain(arena, cell);
    if (text.length == 0)
        return ROSTER_COMPLAINT_NONE;
    if (!take_text(&text, "¥"))
        (void)take_text(&text, "￥");
    if (text.length > 3 && text_equal(behind(text, text.length - 3), TEXT("元")))
        text.length -= 3;
    if (text.length > SHORT_CELL || !without_commas(text, number) || !money_parse_yuan(number, &amount))
        return ROSTER_COMPLAINT_NOT_AN_AMOUNT;
    snprintf(fen, sizeof fen, "%lld", (long long)amount.fen);
    *ret_text = keep(arena, fen);
    return ROSTER_COMPLAINT_NONE;
}

enum roster_complaint roster_cell_read(
    enum roster_cell kind, struct arena *arena, struct text cell, struct text *ret_text)
{
    *ret_text = TEXT_EMPTY;
    switch (kind) {
    case ROSTER_CELL_ID:
        return read_id(arena, cell, ret_text);
    case ROSTER_CELL_NAME:
        return read_name(arena, cell, ret_text);
    case ROSTER_CELL_DAY:
        return read_day(arena, cell, ret_text);
    case ROSTER_CELL_PERIOD:
        return read_period(arena, cell, ret_text);
    case ROSTER_CELL_YEAR:
        return read_year(arena, cell, ret_text);
    case ROSTER_CELL_YUAN:
        return read_yuan(arena, cell, ret_text);
    case ROSTER_CELL_PLAIN:
        *ret_text = roster_cell_plain(arena, cell);
        return ROSTER_COMPLAINT_NONE;
    }
    return ROSTER_COMPLAINT_NONE;
}
