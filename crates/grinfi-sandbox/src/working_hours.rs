//! Weekly working hours in a time zone.

use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc,
};
use chrono_tz::Tz;
use serde_json::Value;

/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// Working hours of a schedule.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WorkingHours {
    zone: Tz,
    /// Day of the week from Monday (1) to Sunday (7), first and last minute.
    blocks: Vec<(u32, i64, i64)>,
}

impl WorkingHours {
    /// Returns hours without a restriction, in UTC.
    pub(crate) fn always() -> WorkingHours {
        WorkingHours { zone: Tz::UTC, blocks: (1..=7).map(|day| (day, 0, DAY)).collect() }
    }

    /// Returns the hours of a schedule; no restriction without one. An unknown time zone is UTC, and day 0 is Sunday
    /// too.
    // assumed: schedule-hours
    pub(crate) fn of(schedule: &Value) -> WorkingHours {
        let Some(blocks) = schedule.get("timeblocks").and_then(Value::as_array) else {
            return WorkingHours::always();
        };
        let zone = schedule.get("timezone").and_then(Value::as_str).and_then(|zone| zone.parse().ok());
        let block = |block: &Value| {
            let part = |name: &str| block.get(name).and_then(Value::as_i64);
            let day = u32::try_from(part("dow")?).ok().filter(|day| *day <= 7)?;
            let (from, to) = (part("min")?.clamp(0, DAY), part("max")?.clamp(0, DAY));
            (from < to).then_some((if day == 0 { 7 } else { day }, from, to))
        };
        let mut blocks: Vec<_> = blocks.iter().filter_map(block).collect();
        blocks.sort_unstable();
        WorkingHours { zone: zone.unwrap_or(Tz::UTC), blocks }
    }

    /// Returns the first time from `time` on within the hours; `None` if the schedule never allows it.
    pub(crate) fn next(&self, time: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let first = self.date(time)?;
        // Eight days: today's hours may be over.
        (0..=8).find_map(|ahead| {
            let date = first.checked_add_days(Days::new(ahead))?;
            let of_day = self.blocks.iter().filter(|(day, ..)| *day == date.weekday().number_from_monday());
            of_day.into_iter().find_map(|(_, from, to)| {
                let (from, to) = (self.time_at(date, *from)?, self.time_at(date, *to)?);
                (time < to && from < to).then(|| time.max(from))
            })
        })
    }

    /// Returns the start and end of the day that contains `time`.
    pub(crate) fn day(&self, time: DateTime<Utc>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let date = self.date(time)?;
        Some((self.time_at(date, 0)?, self.time_at(date, DAY)?))
    }

    /// Returns the date in the zone, if it is representable.
    fn date(&self, time: DateTime<Utc>) -> Option<NaiveDate> {
        let offset = self.zone.offset_from_utc_datetime(&time.naive_utc()).fix();
        time.naive_utc().checked_add_offset(offset).map(|local| local.date())
    }

    /// Returns the time that many minutes into a day. Uses the first of an hour that is repeated, and the end of one
    /// that is skipped.
    fn time_at(&self, date: NaiveDate, minutes: i64) -> Option<DateTime<Utc>> {
        let local: NaiveDateTime =
            date.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::try_minutes(minutes)?)?;
        // Time zones skip at most a day.
        (0..=96).find_map(|quarters| {
            let local = local.checked_add_signed(TimeDelta::try_minutes(15 * quarters)?)?;
            Some(self.zone.from_local_datetime(&local).earliest()?.with_timezone(&Utc))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn berlin(blocks: Value) -> WorkingHours {
        WorkingHours::of(&json!({"timezone": "Europe/Berlin", "timeblocks": blocks}))
    }

    #[test]
    fn next_time_is_now_or_start_of_next_block() {
        let hours = berlin(json!([
            {"dow": 2, "min": 840, "max": 1020}, {"dow": 2, "min": 540, "max": 720}, {"dow": 5, "min": 540, "max": 1020},
        ]));
        for (from, to) in [
            // A Tuesday in winter: Berlin is UTC+1.
            ("2026-02-03T07:59:59Z", "2026-02-03T08:00:00Z"),
            ("2026-02-03T08:00:00Z", "2026-02-03T08:00:00Z"),
            ("2026-02-03T10:59:59Z", "2026-02-03T10:59:59Z"),
            ("2026-02-03T11:00:00Z", "2026-02-03T13:00:00Z"),
            ("2026-02-03T16:00:00Z", "2026-02-06T08:00:00Z"),
            ("2026-02-06T16:00:00Z", "2026-02-10T08:00:00Z"),
            // In summer it is UTC+2.
            ("2026-07-06T22:00:00Z", "2026-07-07T07:00:00Z"),
        ] {
            assert_eq!(hours.next(at(from)), Some(at(to)), "{from}");
        }
    }

    #[test]
    fn day_follows_time_zone_and_daylight_saving() {
        let hours = berlin(json!([{"dow": 7, "min": 0, "max": 1440}]));
        // Start of daylight saving time: 23 hours.
        assert_eq!(
            hours.day(at("2026-03-29T12:00:00Z")),
            Some((at("2026-03-28T23:00:00Z"), at("2026-03-29T22:00:00Z")))
        );
        // 02:30 is skipped on that day.
        let early = berlin(json!([{"dow": 0, "min": 150, "max": 240}]));
        assert_eq!(early.next(at("2026-03-29T00:00:00Z")), Some(at("2026-03-29T01:00:00Z")));
        assert_eq!(hours.next(at("2026-03-29T21:59:59Z")), Some(at("2026-03-29T21:59:59Z")));
        assert_eq!(hours.next(at("2026-03-29T22:00:00Z")), Some(at("2026-04-04T22:00:00Z")));
    }

    #[test]
    fn no_blocks_means_never_and_no_schedule_means_always() {
        let now = at("2026-02-03T15:55:04Z");
        assert_eq!(berlin(json!([])).next(now), None);
        let odd = json!([{"dow": 9, "min": 0, "max": 9}, {"dow": 1, "min": 9, "max": 9}, {"dow": 1}, 7]);
        assert_eq!(berlin(odd).next(now), None);
        assert_eq!(WorkingHours::of(&Value::Null), WorkingHours::always());
        assert_eq!(WorkingHours::always().next(now), Some(now));
        let nowhere =
            json!({"timezone": "Nowhere/At all", "timeblocks": [{"dow": 2, "min": 0, "max": 1440}]});
        assert_eq!(WorkingHours::of(&nowhere).next(now), Some(now));
    }

    #[test]
    fn extreme_times_do_not_panic() {
        let hours = berlin(json!([{"dow": 2, "min": 540, "max": 720}]));
        for end in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            let _ = (hours.next(end), hours.day(end));
        }
    }

    proptest! {
        /// Compares with a scan by minute.
        #[test]
        fn next_time_equals_scan_by_minute(
            blocks in prop::collection::vec((1u32..=7, 0i64..1440, 1i64..600), 1..4),
            minutes in 0i64..60 * 24 * 365,
            zone in prop::sample::select(vec!["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
        ) {
            let start = at("2026-01-01T00:00:00Z") + TimeDelta::minutes(minutes);
            let blocks: Vec<(u32, i64, i64)> =
                blocks.into_iter().map(|(day, from, long)| (day, from, (from + long).min(DAY))).collect();
            let timeblocks: Value = blocks.iter().map(|(day, from, to)| json!({"dow": day, "min": from, "max": to})).collect();
            let hours = WorkingHours::of(&json!({"timezone": zone, "timeblocks": timeblocks}));
            let zone: Tz = zone.parse().unwrap();
            let within = |time: DateTime<Utc>| {
                let local = time.with_timezone(&zone);
                let minute = i64::from(chrono::Timelike::num_seconds_from_midnight(&local.time())) / 60;
                let day = local.weekday().number_from_monday();
                blocks.iter().any(|(of, from, to)| *of == day && (*from..*to).contains(&minute))
            };
            let found = hours.next(start).unwrap();
            let mut walked = start;
            while !within(walked) {
                walked += TimeDelta::minutes(1);
            }
            // In the night of a clock change the two may differ by an hour.
            prop_assert!((found - walked).abs() <= TimeDelta::hours(1), "{start} {found} {walked}");
        }
    }
}
