//! Functions on times, which are text on both sides.

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use serde_json::{Value, json};

use super::signature::{INTEGER, STRING};
use super::{Answer, Args, Function, Problem, Sample, shown, strict};
use crate::date::format::{ROUND_TRIP, format};
use crate::date::parse::parse;
use crate::date::{
    Day, EPOCH, Kind, Moment, TICKS_PER_CYCLE, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE,
    Unit, zones,
};

pub(super) const FUNCTIONS: &[Function] = &[
    strict("addDays", 2, 3, |args| add(args, Unit::Day))
        .typed(&[STRING, INTEGER, STRING], STRING)
        .tried_with(SHIFT),
    strict("addHours", 2, 3, |args| add(args, Unit::Hour))
        .typed(&[STRING, INTEGER, STRING], STRING)
        .tried_with(SHIFT),
    strict("addMinutes", 2, 3, |args| add(args, Unit::Minute))
        .typed(&[STRING, INTEGER, STRING], STRING)
        .tried_with(SHIFT),
    strict("addSeconds", 2, 3, |args| add(args, Unit::Second))
        .typed(&[STRING, INTEGER, STRING], STRING)
        .tried_with(SHIFT),
    strict("addToTime", 3, 4, |args| shifted(args, time(args)?, 1, 1))
        .typed(&[STRING, INTEGER, STRING], STRING)
        .tried_with(SHIFT_BY),
    strict("convertFromUtc", 2, 3, convert_from_utc)
        .typed(&[STRING], STRING)
        .tried_with(FROM_UTC),
    strict("convertTimeZone", 3, 4, convert_time_zone)
        .typed(&[STRING], STRING)
        .tried_with(BETWEEN),
    strict("convertToUtc", 2, 3, convert_to_utc)
        .typed(&[STRING], STRING)
        .tried_with(TO_UTC),
    strict("dayOfMonth", 1, 1, |args| Ok(json!(time(args)?.day().day)))
        .typed(&[STRING], INTEGER)
        .tried_with(FORMAT),
    strict("dayOfWeek", 1, 1, |args| {
        Ok(json!(time(args)?.day().weekday()))
    })
    .typed(&[STRING], INTEGER)
    .tried_with(FORMAT),
    strict("dayOfYear", 1, 1, day_of_year)
        .typed(&[STRING], INTEGER)
        .tried_with(FORMAT),
    strict("formatDateTime", 1, 2, |args| written(args, time(args)?, 1))
        .typed(&[STRING], STRING)
        .tried_with(FORMAT),
    strict("getFutureTime", 2, 3, |args| {
        shifted(args, now(args)?, 0, 1)
    })
    .typed(&[INTEGER, STRING], STRING)
    .tried_with(FROM_NOW),
    strict("getPastTime", 2, 3, |args| shifted(args, now(args)?, 0, -1))
        .typed(&[INTEGER, STRING], STRING)
        .tried_with(FROM_NOW),
    strict("startOfDay", 1, 2, |args| rounded(args, TICKS_PER_DAY))
        .typed(&[STRING], STRING)
        .tried_with(FORMAT),
    strict("startOfHour", 1, 2, |args| rounded(args, TICKS_PER_HOUR))
        .typed(&[STRING], STRING)
        .tried_with(FORMAT),
    strict("startOfMonth", 1, 2, start_of_month)
        .typed(&[STRING], STRING)
        .tried_with(FORMAT),
    strict("subtractFromTime", 3, 4, |args| {
        shifted(args, time(args)?, 1, -1)
    })
    .typed(&[STRING, INTEGER, STRING], STRING)
    .tried_with(SHIFT_BY),
    strict("ticks", 1, 1, |args| Ok(json!(time(args)?.ticks)))
        .typed(&[STRING], INTEGER)
        .tried_with(FORMAT),
    strict("utcNow", 0, 1, |args| written(args, now(args)?, 0))
        .typed(&[STRING], STRING)
        .tried_with(NOW),
];

const LOCAL: Sample = Sample::Text("2024-02-05T03:07:09");
const UTC: Sample = Sample::Text("2024-02-05T03:07:09Z");
const COUNT: Sample = Sample::Integer(1);
const UNIT: Sample = Sample::Text("Day");
const ZONE: Sample = Sample::Text("UTC");
const PATTERN: Sample = Sample::Text(ROUND_TRIP);

const SHIFT: &[Sample] = &[UTC, COUNT, PATTERN];
const SHIFT_BY: &[Sample] = &[UTC, COUNT, UNIT, PATTERN];
const FROM_UTC: &[Sample] = &[UTC, ZONE, PATTERN];
const TO_UTC: &[Sample] = &[LOCAL, ZONE, PATTERN];
const BETWEEN: &[Sample] = &[LOCAL, ZONE, ZONE, PATTERN];
const FORMAT: &[Sample] = &[UTC, PATTERN];
const FROM_NOW: &[Sample] = &[COUNT, UNIT, PATTERN];
const NOW: &[Sample] = &[PATTERN];

fn time(args: &Args<'_>) -> Result<Moment, Problem> {
    let text = args.text(0)?;
    parse(text).ok_or_else(|| {
        Problem::in_argument(0, format!("{} is not a date or time", shown(text)))
            .with_hint("write it as `2024-12-31T23:59:00Z`")
    })
}

fn now(args: &Args<'_>) -> Result<Moment, Problem> {
    Moment::of_system(args.scope.now()).ok_or_else(out_of_range)
}

fn out_of_range() -> Problem {
    Problem::new("the time lies outside the years 1 to 9999")
}

/// The moment as text, by the format in argument `i`.
fn written(args: &Args<'_>, moment: Moment, i: usize) -> Answer {
    let pattern = args.optional_text(i)?.unwrap_or(ROUND_TRIP);
    let text = format(moment, pattern).map_err(|why| Problem::in_argument(i, why))?;
    Ok(Value::String(text))
}

fn add(args: &Args<'_>, unit: Unit) -> Answer {
    let moment = time(args)?
        .plus(args.integer(1)?, unit)
        .ok_or_else(out_of_range)?;
    written(args, moment, 2)
}

/// Shifts by the count in argument `i`, the unit behind it, and a format behind that.
fn shifted(args: &Args<'_>, moment: Moment, i: usize, sign: i64) -> Answer {
    let count = args
        .integer(i)?
        .checked_mul(sign)
        .ok_or_else(out_of_range)?;
    let name = args.text(i + 1)?;
    let unit = Unit::named(name).ok_or_else(|| {
        Problem::in_argument(i + 1, format!("no unit {}", shown(name)))
            .with_hint("units are Second, Minute, Hour, Day, Week, Month and Year")
    })?;
    let moment = moment.plus(count, unit).ok_or_else(out_of_range)?;
    written(args, moment, i + 2)
}

fn rounded(args: &Args<'_>, ticks: i64) -> Answer {
    let moment = time(args)?;
    let start = Moment {
        ticks: moment.ticks - moment.ticks % ticks,
        kind: moment.kind,
    };
    written(args, start, 1)
}

fn start_of_month(args: &Args<'_>) -> Answer {
    let moment = time(args)?;
    let first = Day {
        day: 1,
        ..moment.day()
    };
    let start = Moment {
        ticks: first.number() * TICKS_PER_DAY,
        kind: moment.kind,
    };
    written(args, start, 1)
}

fn day_of_year(args: &Args<'_>) -> Answer {
    let day = time(args)?.day();
    let new_year = Day {
        month: 1,
        day: 1,
        ..day
    };
    Ok(json!(day.number() - new_year.number() + 1))
}

/// 9999-12-01, well before the last moment that zones know.
const LATEST_ZONED: i64 = 3_652_028 * TICKS_PER_DAY;

struct Zone {
    zone: TimeZone,
    is_utc: bool,
}

fn zone(args: &Args<'_>, i: usize) -> Result<Zone, Problem> {
    let name = args.text(i)?;
    let zone = zones::find(name).ok_or_else(|| {
        Problem::in_argument(i, format!("no time zone {}", shown(name)))
            .with_hint(zones::hint(name))
    })?;
    Ok(Zone {
        zone,
        is_utc: zones::is_utc(name),
    })
}

fn convert_from_utc(args: &Args<'_>) -> Answer {
    let moment = time(args)?;
    if moment.kind != Kind::Utc {
        return Err(Problem::in_argument(0, "the time must be UTC").with_hint("end it with `Z`"));
    }
    written(args, from_utc(moment.ticks, &zone(args, 1)?)?, 2)
}

fn convert_to_utc(args: &Args<'_>) -> Answer {
    let moment = time(args)?;
    let source = zone(args, 1)?;
    let ticks = match moment.kind {
        Kind::Unspecified => to_utc(moment.ticks, &source.zone)?,
        Kind::Utc if source.is_utc => moment.ticks,
        _ => {
            let problem = Problem::in_argument(
                0,
                "the time carries a zone that contradicts the source zone",
            );
            return Err(problem.with_hint("leave out `Z` and offsets"));
        }
    };
    written(args, Moment::nearest(ticks, Kind::Utc), 2)
}

fn convert_time_zone(args: &Args<'_>) -> Answer {
    let moment = time(args)?;
    let (source, target) = (zone(args, 1)?, zone(args, 2)?);
    let ticks = match moment.kind {
        Kind::Unspecified => Moment::nearest(to_utc(moment.ticks, &source.zone)?, Kind::Utc).ticks,
        Kind::Utc | Kind::Local => moment.ticks,
    };
    written(args, from_utc(ticks, &target)?, 3)
}

fn from_utc(ticks: i64, target: &Zone) -> Result<Moment, Problem> {
    let nanoseconds = i128::from(within_a_zone(ticks) - EPOCH) * 100;
    let timestamp = Timestamp::from_nanosecond(nanoseconds).map_err(|_| out_of_range())?;
    let offset = target.zone.to_offset(timestamp);
    let kind = if target.is_utc {
        Kind::Utc
    } else {
        Kind::Unspecified
    };
    let ticks = ticks + ticks_of(offset, &target.zone);
    Ok(Moment::nearest(ticks, kind))
}

/// The last days of the calendar are beyond what zones know; the same day of an earlier cycle has the same offset.
fn within_a_zone(ticks: i64) -> i64 {
    match ticks > LATEST_ZONED {
        true => ticks - TICKS_PER_CYCLE,
        false => ticks,
    }
}

/// The offset in whole minutes, as .NET has it: that of today's standard time, and what it differs from that, cut to minutes.
fn ticks_of(offset: Offset, zone: &TimeZone) -> i64 {
    let today = [1_704_067_200, 1_719_792_000].map(|second| {
        let moment = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
        zone.to_offset_info(moment)
    });
    let standard = today.iter().find(|info| info.dst().is_std());
    let standard = standard.map_or(0, |info| info.offset().seconds());
    let minutes = standard / 60 + (offset.seconds() - standard) / 60;
    i64::from(minutes) * TICKS_PER_MINUTE
}

/// The UTC ticks of a local time, which must exist just once.
fn to_utc(ticks: i64, zone: &TimeZone) -> Result<i64, Problem> {
    let local = Moment {
        ticks: within_a_zone(ticks),
        kind: Kind::Unspecified,
    };
    let offset = match zone
        .to_ambiguous_timestamp(civil(local).ok_or_else(out_of_range)?)
        .offset()
    {
        AmbiguousOffset::Unambiguous { offset } => offset,
        AmbiguousOffset::Fold { .. } => {
            return Err(Problem::in_argument(
                0,
                "the time happens twice in the source zone",
            ));
        }
        AmbiguousOffset::Gap { .. } => {
            return Err(Problem::in_argument(
                0,
                "the time is skipped by daylight saving in the source zone",
            ));
        }
    };
    Ok(ticks - ticks_of(offset, zone))
}

fn civil(local: Moment) -> Option<civil::DateTime> {
    let day = local.day();
    let small = |value: i64| i8::try_from(value).ok();
    civil::DateTime::new(
        i16::try_from(day.year).ok()?,
        small(day.month)?,
        small(day.day)?,
        small(local.hour())?,
        small(local.minute())?,
        small(local.second())?,
        i32::try_from(local.fraction() * 100).ok()?,
    )
    .ok()
}
