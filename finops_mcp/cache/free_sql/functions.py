"""Which functions a statement may call: everything else is refused, whatever it does."""


def words(text: str) -> frozenset[str]:
    """List the words of a text."""
    return frozenset(text.split())


OPERATORS = words("+ - * / // % ^ ** & | ~ << >> || = -> ->> ~~ !~~ ~~* !~~* ~~~ ^@")

_TEXT = """
    ascii bit_length char_length character_length chr concat concat_ws contains damerau_levenshtein
    ends_with format formatreadabledecimalsize formatreadablesize format_bytes from_base64 from_hex
    hamming hash hex ilike_escape instr jaccard jaro_similarity jaro_winkler_similarity lcase left length
    levenshtein like_escape lower lpad ltrim md5 nfc_normalize not_ilike_escape not_like_escape ord
    overlay parse_filename position prefix printf regexp_escape regexp_extract regexp_extract_all
    regexp_full_match regexp_matches regexp_replace regexp_split_to_array repeat replace reverse right
    rpad rtrim sha256 split split_part starts_with str_split str_split_regex string_split
    string_split_regex string_to_array strip_accents strlen strpos substr substring suffix to_base64
    to_hex translate trim ucase unhex unicode upper url_decode url_encode
"""
_NUMBER = """
    abs acos add asin atan atan2 bit_count cbrt ceil ceiling cos cot degrees divide even exp factorial
    fdiv floor fmod gcd greatest isfinite isinf isnan lcm least ln log log10 log2 mod multiply nullif pi
    pow power radians round round_even sign sin sqrt subtract tan trunc xor
"""
_TIME = """
    age century current_date date_add date_diff date_part date_sub date_trunc datediff datepart datesub
    datetrunc day dayname dayofmonth dayofweek dayofyear days_in_month decade epoch epoch_ms era extract
    hour isodow isoyear julian last_day make_date make_time make_timestamp make_timestamptz microsecond
    millisecond minute month monthname now quarter second strftime strptime time_bucket timezone to_days
    to_hours to_milliseconds to_minutes to_months to_quarters to_seconds to_timestamp to_weeks to_years
    today try_strptime week weekday weekofyear year yearweek
"""
_NESTED = """
    array_aggr array_append array_concat array_contains array_distinct array_extract array_filter
    array_has array_has_all array_has_any array_indexof array_intersect array_length array_position
    array_prepend array_reverse array_reverse_sort array_slice array_sort array_to_string array_transform
    array_unique cardinality element_at filter flatten generate_series json json_array json_array_length
    json_contains json_exists json_extract json_extract_path json_extract_path_text json_extract_string
    json_group_array json_group_object json_keys json_object json_type json_valid json_value len
    list_any_value list_append list_apply list_avg list_cat list_concat list_contains list_count
    list_distinct list_element list_extract list_filter list_first list_has list_has_all list_has_any
    list_indexof list_intersect list_last list_max list_median list_min list_pack list_position
    list_prepend list_product list_reduce list_reverse list_reverse_sort list_select list_slice list_sort
    list_sum list_transform list_unique list_value list_zip array_zip map map_concat map_contains
    map_contains_entry map_contains_value map_entries map_extract map_extract_value map_from_entries
    map_keys map_values range reduce row struct_concat struct_extract struct_insert struct_pack to_json
    typeof unnest
"""
_AGGREGATE = """
    any_value approx_count_distinct approx_quantile approx_top_k arbitrary arg_max arg_max_null arg_min
    arg_min_null argmax argmin array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count count_if
    count_star countif covar_pop covar_samp entropy favg first fsum geomean geometric_mean group_concat
    grouping grouping_id histogram if kahan_sum kurtosis last list listagg mad max max_by mean median min
    min_by mode product quantile quantile_cont quantile_disc regr_avgx regr_avgy regr_count
    regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy sem skewness stddev stddev_pop
    stddev_samp string_agg sum sumkahan var_pop var_samp variance wavg weighted_avg
"""
_WINDOW = """
    cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank
    rank_dense row_number
"""

FUNCTIONS = OPERATORS | words(f"{_TEXT} {_NUMBER} {_TIME} {_NESTED} {_AGGREGATE} {_WINDOW}")
"""What may be called by name or written as an operator."""

TABLE_FUNCTIONS = frozenset({"unnest", "range", "generate_series"})
"""What may stand for a table: each makes rows from its own arguments and nothing else."""

TYPES = words(
    """
    bigint bit blob bool boolean bytea char date dec decimal double enum float float4 float8 hugeint int
    int1 int2 int4 int8 int16 int32 int64 integer interval json list long map num numeric real row short
    signed smallint string struct text time timestamp timestamp_ms timestamp_ns timestamp_s timestamp_us
    timestamptz timetz tinyint ubigint uhugeint uinteger usmallint utinyint uuid varchar
    """
) | {"timestamp with time zone", "time with time zone"}
"""What a value may be cast to."""
