//! Numbers and dates of a locale, by the data of CLDR (ICU4X).

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use domain::dates::{Date, Period, Timestamp};
use icu_calendar::Gregorian;
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::{MD, YMD, YMDT};
use icu_datetime::input::{Date as IcuDate, DateTime, Time};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};
use jiff::tz::TimeZone;

use crate::money::Style;
use crate::{Language, Texts};

type DateFormat<Fields> = FixedCalendarDateTimeFormatter<Gregorian, Fields>;

pub struct Formats {
    tag: String,
    /// `Sep 20, 2011`
    date: DateFormat<YMD>,
    /// `September 20, 2011`
    day: DateFormat<YMD>,
    /// `Sep 20`
    month_day: DateFormat<MD>,
    /// `Sep 20, 2011, 2:05 PM`
    moment: DateFormat<YMDT>,
    decimal: DecimalFormatter,
    plurals: PluralRules,
    pub(crate) money: Style,
}

/// Regions that write something otherwise than their language does by itself. Others are written as the language is.
const REGIONS: [&str; 26] = [
    "en-US", "en-GB", "en-AU", "en-CA", "en-IE", "en-NZ", "en-ZA", "de-DE", "de-AT", "de-CH", "fr-FR", "fr-BE",
    "fr-CA", "fr-CH", "es-ES", "es-MX", "es-US", "es-AR", "es-CO", "es-CL", "pt-BR", "pt-PT", "it-IT", "it-CH",
    "nl-NL", "nl-BE",
];

static KNOWN: LazyLock<RwLock<HashMap<String, &'static Formats>>> = LazyLock::new(RwLock::default);

impl Formats {
    /// Made once for each locale; there are few.
    pub fn of(language: Language, locale: &str) -> &'static Formats {
        let region = locale.split(['-', '_']).nth(1).unwrap_or_default();
        let tag = format!("{}-{}", language.code(), region.to_ascii_uppercase());
        let tag = if REGIONS.contains(&tag.as_str()) { tag } else { language.code().to_owned() };
        if let Some(known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&tag) {
            return known;
        }
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(tag).or_insert_with_key(|tag| Box::leak(Box::new(Formats::new(language, tag))))
    }

    fn new(language: Language, tag: &str) -> Formats {
        // The digits that invoices have everywhere.
        let tag_for_icu = if language == Language::Arabic { format!("{tag}-u-nu-latn") } else { tag.to_owned() };
        let locale: Locale = tag_for_icu.parse().unwrap_or(Locale::UNKNOWN);
        // Austrians group the digits of amounts as Germans do (CLDR's currencyGroup), which is not in ICU4X.
        let numbers: Locale = if tag == "de-AT" { icu_locale_core::locale!("de") } else { locale.clone() };
        let decimal =
            DecimalFormatter::try_new((&numbers).into(), icu_decimal::options::DecimalFormatterOptions::default());
        let decimal = decimal.expect(COMPILED_IN);
        Formats {
            date: DateFormat::try_new((&locale).into(), YMD::medium()).expect(COMPILED_IN),
            day: DateFormat::try_new((&locale).into(), YMD::long()).expect(COMPILED_IN),
            month_day: DateFormat::try_new((&locale).into(), MD::medium()).expect(COMPILED_IN),
            moment: DateFormat::try_new(
                (&locale).into(),
                YMDT::medium().with_time_precision(icu_datetime::options::TimePrecision::Minute),
            )
            .expect(COMPILED_IN),
            plurals: PluralRules::try_new_cardinal((&locale).into()).expect(COMPILED_IN),
            money: Style::of(language, tag, &decimal),
            decimal,
            tag: tag.to_owned(),
        }
    }

    pub fn tag(&self) -> &str {
        &self.tag
    }

    pub fn plural(&self, number: i64) -> PluralCategory {
        self.plurals.category_for(number)
    }
}

const COMPILED_IN: &str = "the data of every locale is compiled in";

impl Texts {
    /// `Sep 20, 2011`
    pub fn date(self, date: Date) -> String {
        self.formats.date.format(&gregorian(date)).to_string()
    }

    /// `September 20, 2011`
    pub fn day(self, date: Date) -> String {
        self.formats.day.format(&gregorian(date)).to_string()
    }

    /// `Sep 20, 2011, 2:05 PM`
    pub fn moment(self, at: Timestamp, zone: &TimeZone) -> String {
        let local = zone.to_datetime(at.0);
        let small = |value: i8| u8::try_from(value).unwrap_or_default();
        let time = Time::try_new(small(local.hour()), small(local.minute()), small(local.second()), 0);
        let date = gregorian(Date(local.date()));
        match time {
            Ok(time) => self.formats.moment.format(&DateTime { date, time }).to_string(),
            Err(_) => self.formats.date.format(&date).to_string(),
        }
    }

    /// `Sep 20 – Sep 30, 2011`; both ends are billed days.
    pub fn period(self, period: Period) -> String {
        let last = period.last_day();
        if last == period.start {
            return self.date(last);
        }
        // Where dates are figures, a month in words beside them would look strange.
        let is_figures = matches!(self.language, Language::German | Language::Japanese | Language::Arabic);
        let start = if is_figures || last.0.year() != period.start.0.year() {
            self.date(period.start)
        } else {
            self.formats.month_day.format(&gregorian(period.start)).to_string()
        };
        let end = self.date(last);
        format!("{start} – {end}")
    }

    /// `1,234`
    pub fn number(self, number: i64) -> String {
        self.formats.decimal.format(&Decimal::from(number)).to_string()
    }

    /// A decimal number as `domain` writes it, `1234.50`, with the digits it has.
    pub fn decimal(self, number: &str) -> String {
        match number.parse::<Decimal>() {
            Ok(number) => self.formats.decimal.format(&number).to_string(),
            Err(_) => number.to_owned(),
        }
    }
}

impl Texts {
    /// `19%`, of a decimal number.
    pub fn percent(self, number: &str) -> String {
        let space = match self.language {
            Language::German | Language::Spanish => "\u{a0}",
            Language::French => "\u{202f}",
            Language::English
            | Language::Portuguese
            | Language::Italian
            | Language::Dutch
            | Language::Polish
            | Language::Japanese
            | Language::Arabic => "",
        };
        format!("{}{space}%", self.decimal(number))
    }
}

fn gregorian(date: Date) -> IcuDate<Gregorian> {
    let small = |value: i8| u8::try_from(value).unwrap_or_default();
    let date = date.0;
    IcuDate::try_new_gregorian(i32::from(date.year()), small(date.month()), small(date.day()))
        .expect("a date of our calendar is one of ICU's")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(locale: &str) -> Texts {
        Texts::of([locale])
    }

    const DAY: Date = Date::new(2011, 9, 20);

    #[test]
    fn dates_read_as_cldr_has_them() {
        let shown = |locale| (texts(locale).date(DAY), texts(locale).day(DAY));
        let of = |date: &str, day: &str| (date.to_owned(), day.to_owned());
        assert_eq!(shown("en_US"), of("Sep 20, 2011", "September 20, 2011"));
        assert_eq!(shown("en-GB"), of("20 Sept 2011", "20 September 2011"));
        assert_eq!(shown("de"), of("20.09.2011", "20. September 2011"));
        assert_eq!(shown("fr"), of("20 sept. 2011", "20 septembre 2011"));
        assert_eq!(shown("es"), of("20 sept 2011", "20 de septiembre de 2011"));
        assert_eq!(shown("pt"), of("20 de set. de 2011", "20 de setembro de 2011"));
        assert_eq!(shown("it"), of("20 set 2011", "20 settembre 2011"));
        assert_eq!(shown("nl"), of("20 sep 2011", "20 september 2011"));
        assert_eq!(shown("pl"), of("20 wrz 2011", "20 września 2011"));
        assert_eq!(shown("ja"), of("2011/09/20", "2011年9月20日"));
        assert_eq!(shown("ar"), of("20\u{200f}/09\u{200f}/2011", "20 سبتمبر 2011"));
    }

    #[test]
    fn a_period_names_its_first_and_last_day() {
        let of = |locale, start, end| texts(locale).period(Period { start, end });
        assert_eq!(of("en", DAY, Date::new(2011, 10, 1)), "Sep 20 – Sep 30, 2011");
        assert_eq!(of("en", Date::new(2011, 12, 20), Date::new(2012, 1, 20)), "Dec 20, 2011 – Jan 19, 2012");
        assert_eq!(of("en", DAY, Date::new(2011, 9, 21)), "Sep 20, 2011");
        assert_eq!(of("de", DAY, Date::new(2011, 10, 1)), "20.09.2011 – 30.09.2011");
        assert_eq!(of("ja", DAY, Date::new(2011, 10, 1)), "2011/09/20 – 2011/09/30");
    }

    #[test]
    fn numbers_are_grouped_as_the_language_groups_them() {
        let of = |locale| texts(locale).number(1_234_567);
        assert_eq!(of("en"), "1,234,567");
        assert_eq!(of("de"), "1.234.567");
        assert_eq!(of("fr"), "1\u{202f}234\u{202f}567");
        assert_eq!(of("pl"), "1\u{a0}234\u{a0}567");
        assert_eq!(of("ar"), "1,234,567");
        assert_eq!(texts("pl").number(1234), "1234", "four digits stand together");
        assert_eq!(texts("de").decimal("1234.50"), "1.234,50");
    }

    #[test]
    fn only_regions_that_differ_are_kept_apart() {
        for (locale, tag) in
            [("de_AT", "de-AT"), ("de-lu", "de"), ("ja_JP", "ja"), ("xx", "en-US"), ("", "en-US"), ("en_zz", "en")]
        {
            assert_eq!(texts(locale).tag(), tag, "{locale}");
        }
        assert_eq!(Texts::of(["sv", "pl_PL", "de"]).language, Language::Polish);
    }
}
