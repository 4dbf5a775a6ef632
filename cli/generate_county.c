#include "cli/generate_county.h"

#include "base/check.h"
#include "consumers/person_id.h"

#include <stdio.h>
#include <string.h>

/* Shares that make a county of the central provinces; an enterprise's list comes from the insurance office. */
static const struct county_list pingshun_lists[] = {
    { "平顺县民政局", false, CATEGORY_EXTREME_POVERTY, 2, NULL },
    { "平顺县民政局", false, CATEGORY_SUBSISTENCE_ALLOWANCE, 8, NULL },
    { "平顺县民政局", false, CATEGORY_LOW_INCOME_MARGIN, 2, NULL },
    { "平顺县乡村振兴局", false, CATEGORY_RETURNED_TO_POVERTY, 2, NULL },
    { "平顺县乡村振兴局", false, CATEGORY_UNSTABLE_OUT_OF_POVERTY, 2, NULL },
    { "平顺县乡村振兴局", false, CATEGORY_AT_RISK_OF_POVERTY, 3, NULL },
    { "平顺县乡村振兴局", false, CATEGORY_SUDDEN_HARDSHIP, 1, NULL },
    { "平顺县乡村振兴局", false, CATEGORY_OUT_OF_POVERTY, 15, NULL },
    { "平顺县医疗保障局", true, CATEGORY_RESIDENT_INSURED, 85, NULL },
};
static const struct county_list yangcheng_lists[] = {
    { "阳城县财政局", true, CATEGORY_CIVIL_SERVANT_SUBSIDY, 70, NULL },
    { "阳城县医疗保障局", true, CATEGORY_EMPLOYEE_INSURED, 90, "YEARLY" },
};
static const struct county_list jingning_lists[] = {
    { "景宁畲族自治县民政局", false, CATEGORY_SUBSISTENCE_ALLOWANCE, 6, NULL },
    { "景宁畲族自治县民政局", false, CATEGORY_LOW_INCOME_MARGIN, 4, NULL },
    { "景宁畲族自治县公安局", true, CATEGORY_LOCAL_HOUSEHOLD, 90, NULL },
    { "景宁畲族自治县医疗保障局", true, CATEGORY_RESIDENT_INSURED, 80, NULL },
};
static const struct county_list qingyang_lists[] = {
    { "庆阳市医疗保障局", true, CATEGORY_EMPLOYEE_INSURED, 95, "MONTHLY" },
    { "庆阳市财政局", true, CATEGORY_SUPPLEMENTARY_MEMBER, 60, "FISCAL" },
};
static const struct county_list shangluo_lists[] = {
    { "商洛市医疗保障局", true, CATEGORY_EMPLOYEE_INSURED, 95, "YEARLY" },
    { "商洛市人力资源和社会保障局", true, CATEGORY_RETIRED, 30, NULL },
};

#define LISTS(name) .lists = name, .list_count = COUNT_OF(name)
#define CARE(inpatient, outpatient, pharmacy, chronic, drug, purchase)                                                 \
    {                                                                                                                  \
        0, inpatient, outpatient, pharmacy, chronic, drug, purchase, 0                                                 \
    }

/* By distance: county hospital, hospital of Chinese medicine, township, city, pharmacy, the province's capital, another
 * province; the last two need a referral. */
static const struct county counties[] = {
    { .region = "140425",
        .name = "平顺县",
        LISTS(pingshun_lists),
        .cares = CARE(55, 8, 0, 27, 10, 0),
        .hospitals = { { "H14042500001", "平顺县人民医院", "140425", LEVEL_LEVEL_2, CHARGE_CLASS_2_COUNTY, true },
            { "H14042500002", "平顺县中医院", "140425", LEVEL_LEVEL_2, CHARGE_CLASS_2_COUNTY, true },
            { "H14042500011", "平顺县石城镇卫生院", "140425", LEVEL_LEVEL_1, CHARGE_CLASS_3, true },
            { "H14040300001", "长治市人民医院", "140403", LEVEL_LEVEL_3, CHARGE_CLASS_2_CITY, true },
            { "P14042500021", "平顺县便民大药房", "140425", LEVEL_LEVEL_2, 0, true },
            { "H14010500001", "山西省人民医院", "140105", LEVEL_LEVEL_3, CHARGE_CLASS_1, true },
            { "H11010100001", "北京某医院", "110101", LEVEL_LEVEL_3, CHARGE_CLASS_1, true } } },
    { .region = "140522",
        .name = "阳城县",
        LISTS(yangcheng_lists),
        .cares = CARE(85, 15, 0, 0, 0, 0),
        .hospitals = { { "H14052200001", "阳城县人民医院", "140522", LEVEL_LEVEL_2, CHARGE_CLASS_2_COUNTY, true },
            { "H14052200002", "阳城县中医院", "140522", LEVEL_LEVEL_2, CHARGE_CLASS_2_COUNTY, true },
            { "H14052200011", "阳城县润城镇卫生院", "140522", LEVEL_LEVEL_1, CHARGE_CLASS_3, true },
            { "H14050200001", "晋城市人民医院", "140502", LEVEL_LEVEL_3, CHARGE_CLASS_2_CITY, true },
            { "P14052200021", "阳城县大药房", "140522", LEVEL_LEVEL_2, 0, true },
            { "H14010500001", "山西省人民医院", "140105", LEVEL_LEVEL_3, CHARGE_CLASS_1, true },
            { "H41010300001", "郑州某医院", "410103", LEVEL_LEVEL_3, CHARGE_CLASS_1, true } } },
    { .region = "331127",
        .name = "景宁畲族自治县",
        LISTS(jingning_lists),
        .cares = CARE(70, 5, 0, 25, 0, 0),
        .hospitals = { { "H33112700001", "景宁畲族自治县人民医院", "331127", LEVEL_LEVEL_2, CHARGE_CLASS_2_COUNTY,
                           true },
            { "H33112700002", "景宁畲族自治县中医医院", "331127", LEVEL_LEVEL_2, CHARGE_CLASS_2_COUNTY, true },
            { "H33112700011", "景宁畲族自治县沙湾镇卫生院", "331127", LEVEL_LEVEL_1, CHARGE_CLASS_3, true },
            { "H33110200001", "丽水市中心医院", "331102", LEVEL_LEVEL_3, CHARGE_CLASS_2_CITY, true },
            { "P33112700021", "景宁畲族自治县大药房", "331127", LEVEL_LEVEL_2, 0, true },
            { "H33010200001", "浙江某医院", "330102", LEVEL_LEVEL_3, CHARGE_CLASS_1, true },
            { "H31010100001", "上海某医院", "310101", LEVEL_LEVEL_3, CHARGE_CLASS_1, true } } },
    { .region = "621000",
        .name = "庆阳市",
        LISTS(qingyang_lists),
        .cares = CARE(90, 10, 0, 0, 0, 0),
        .hospitals = { { "H62100200001", "庆阳市人民医院", "621002", LEVEL_LEVEL_3, CHARGE_CLASS_2_CITY, true },
            { "H62102100001", "庆城县人民医院", "621021", LEVEL_LEVEL_2, CHARGE_CLASS_2_COUNTY, true },
            { "H62102200011", "环县曲子镇卫生院", "621022", LEVEL_LEVEL_1, CHARGE_CLASS_3, true },
            { "H62100200002", "庆阳市中医医院", "621002", LEVEL_LEVEL_3, CHARGE_CLASS_2_CITY, true },
            { "P62100200021", "庆阳市大药房", "621002", LEVEL_LEVEL_2, 0, true },
            { "H62010200001", "兰州某医院", "620102", LEVEL_LEVEL_3, CHARGE_CLASS_1, true },
            { "H61010400001", "西安某医院", "610104", LEVEL_LEVEL_3, CHARGE_CLASS_1, true } } },
    { .region = "611000",
        .name = "商洛市",
        LISTS(shangluo_lists),
        .cares = CARE(10, 55, 25, 0, 0, 10),
        .hospitals = { { "H61102500001", "镇安县医院", "611025", LEVEL_LEVEL_2, CHARGE_CLASS_2_COUNTY, true },
            { "H61102500002", "镇安县中医医院", "611025", LEVEL_LEVEL_2, CHARGE_CLASS_2_COUNTY, true },
            { "H61102500011", "镇安县永乐镇卫生院", "611025", LEVEL_LEVEL_1, CHARGE_CLASS_3, true },
            { "H61100200001", "商洛市中心医院", "611002", LEVEL_LEVEL_3, CHARGE_CLASS_2_CITY, true },
            { "P61102500021", "镇安县大药房", "611025", LEVEL_LEVEL_2, 0, true },
            { "H61010400001", "西安某医院", "610104", LEVEL_LEVEL_3, CHARGE_CLASS_1, true },
            { "H51010400001", "成都某医院", "510104", LEVEL_LEVEL_3, CHARGE_CLASS_1, true } } },
};

const struct county *county_find(const char *region, size_t length)
{
    for (size_t i = 0; i < COUNT_OF(counties); i++)
        if (strlen(counties[i].region) == length && memcmp(counties[i].region, region, length) == 0)
            return &counties[i];
    return NULL;
}

const char *county_regions(void)
{
    return "140425,140522,331127,621000,611000";
}

/* ---- People ---- */

static const char *const surnames[] = { "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡",
    "朱", "高", "林", "何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "蓝", "雷" };
static const char *const given[] = { "秀英", "桂英", "秀兰", "玉兰", "桂兰", "秀珍", "凤英", "玉珍", "玉英", "兰英",
    "建国", "建华", "志强", "志明", "国强", "小平", "海燕", "丽娟", "春梅", "红梅", "军", "伟", "勇", "磊", "芳", "敏",
    "静", "艳", "涛", "明", "雪梅", "永红", "文斌", "晓东", "子轩", "浩然", "梓涵", "雨桐", "欣怡", "宇航" };

/* Births of 88 years; 32,003 days and 7,919 are coprime, so a day comes back only after 32,003 persons, with the next
 * sequence. */
#define BIRTH_DAYS 32003
#define BIRTH_STEP 7919
#define SEQUENCES 999

static void write_id(const struct county *county, uint32_t number, char *id)
{
    day born = day_add(day_of(1935, 1, 1), (int)((uint64_t)number * BIRTH_STEP % BIRTH_DAYS));
    unsigned sequence = number / BIRTH_DAYS % SEQUENCES + 1;
    struct day_parts parts = day_parts(born);
    CHECK(snprintf(id, 18, "%.6s%04u%02u%02u%03u", county->region, (unsigned)parts.year % 10000,
              (unsigned)parts.month % 100, (unsigned)parts.day % 100, sequence % 1000)
        == 17);
    id[17] = person_id_check(id);
    id[18] = '\0';
}

struct citizen county_citizen(const struct county *county, uint64_t seed, uint32_t number)
{
    struct citizen citizen;
    struct random random = random_at(seed, number, 1);
    write_id(county, number, citizen.id);
    const char *family = surnames[random_below(&random, COUNT_OF(surnames))];
    snprintf(citizen.name, sizeof citizen.name, "%s%s", family, given[random_below(&random, COUNT_OF(given))]);
    return citizen;
}

/* Each edition is the first one, which three of a hundred have left, and about as many have joined. */
bool county_is_listed(const struct county *county, uint64_t seed, size_t list, uint32_t number, int edition)
{
    int percent = county->lists[list].percent;
    struct random first = random_at(seed, number, 1000 + list);
    bool is_listed = random_percent(&first, percent);
    if (edition == 0)
        return is_listed;
    struct random later = random_at(seed, number, 1000000 + (uint64_t)edition * 1000 + list);
    bool changes = random_below(&later, 10000) < (is_listed ? 300 : 3 * percent);
    return is_listed != changes;
}
