//! Times for people to read, from seconds since 1970-01-01 UTC.

/// The current time of the browser; 0 on the server, which renders nothing that depends on it.
pub fn now() -> i64 {
    #[cfg(feature = "hydrate")]
    {
        (js_sys::Date::now() / 1000.0) as i64
    }
    #[cfg(not(feature = "hydrate"))]
    {
        0
    }
}

/// Such as `2026-05-01 12:34:56 UTC`.
pub fn in_words(seconds: i64) -> String {
    let (date, time) = parts(seconds);
    format!("{date} {time} UTC")
}

/// Such as `2026-05-01T12:34:56Z`, for the `datetime` attribute.
pub fn machine(seconds: i64) -> String {
    let (date, time) = parts(seconds);
    format!("{date}T{time}Z")
}

fn parts(seconds: i64) -> (String, String) {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    (format!("{year:04}-{month:02}-{day:02}"), format!("{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60))
}

/// How far a time is from now, such as `in 9 minutes` or `2 hours ago`.
pub fn relative(seconds: i64, now: i64) -> String {
    let distance = (seconds - now).abs();
    let (count, unit) = match distance {
        0..=89 => (distance, "second"),
        90..=5_399 => (distance / 60, "minute"),
        5_400..=172_799 => (distance / 3_600, "hour"),
        _ => (distance / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if seconds >= now { format!("in {count} {unit}{plural}") } else { format!("{count} {unit}{plural} ago") }
}

/// The civil date of a day counted from 1970-01-01, by the era arithmetic of the Gregorian calendar.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::{in_words, relative};

    #[test]
    fn known_moments() {
        assert_eq!(in_words(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(in_words(951_827_696), "2000-02-29 12:34:56 UTC");
        assert_eq!(in_words(-1), "1969-12-31 23:59:59 UTC");
    }

    #[test]
    fn distances() {
        assert_eq!(relative(101, 100), "in 1 second");
        assert_eq!(relative(100, 700), "10 minutes ago");
    }
}
