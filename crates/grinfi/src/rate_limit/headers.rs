//! Parses rate-limit headers. The API documents none; if it sends them, the limiter respects them.

use std::time::{Duration, SystemTime};

use http::HeaderMap;

/// Remaining requests of the window, and the time until it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReportedLimit {
    pub(crate) remaining: u32,
    pub(crate) reset: Duration,
}

/// A later reset belongs to another limit or is not a time.
const MAX_RESET: Duration = Duration::from_secs(3600);
/// A number of seconds from here on is a Unix time.
const MIN_UNIX_TIME: u64 = 1_000_000_000;

/// Parses `x-ratelimit-remaining` and `-reset`, `ratelimit-remaining` and `-reset`, or `ratelimit` with both
/// (`limit=100, remaining=50, reset=5` or `"default";r=50;t=5`).
pub(crate) fn parse(headers: &HeaderMap, now: SystemTime) -> Option<ReportedLimit> {
    // Almost no response has these headers, and scanning the names is cheaper than five lookups.
    if !headers.keys().any(|name| name.as_str().trim_start_matches("x-").starts_with("ratelimit")) {
        return None;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let get_both = |remaining: &str, reset: &str| Some((text(remaining)?, text(reset)?));
    let (remaining, reset) = get_both("x-ratelimit-remaining", "x-ratelimit-reset")
        .or_else(|| get_both("ratelimit-remaining", "ratelimit-reset"))
        .or_else(|| {
            let all = text("ratelimit")?;
            let named = |names: [&str; 2]| {
                all.split([',', ';'])
                    .filter_map(|part| part.split_once('='))
                    .find(|(name, _)| names.contains(&name.trim()))
                    .map(|(_, value)| value)
            };
            Some((named(["remaining", "r"])?, named(["reset", "t"])?))
        })?;
    let remaining = remaining.trim().parse().ok()?;
    let seconds: f64 = reset.trim().parse().ok()?;
    let reset = Duration::try_from_secs_f64(seconds).ok()?;
    let reset = if reset.as_secs() < MIN_UNIX_TIME {
        reset
    } else {
        SystemTime::UNIX_EPOCH.checked_add(reset)?.duration_since(now).unwrap_or(Duration::ZERO)
    };
    (reset <= MAX_RESET).then_some(ReportedLimit { remaining, reset })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_pairs(headers: &[(&'static str, &'static str)]) -> Option<ReportedLimit> {
        let headers = headers
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), http::HeaderValue::from_static(value)))
            .collect();
        parse(&headers, SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000))
    }

    #[test]
    fn parses_every_header_format() {
        let expected = Some(ReportedLimit { remaining: 7, reset: Duration::from_secs(20) });
        for headers in [
            &[("x-ratelimit-remaining", "7"), ("x-ratelimit-reset", "20")][..],
            &[("x-ratelimit-remaining", "7"), ("x-ratelimit-reset", "1790000020")],
            &[("ratelimit-remaining", " 7 "), ("ratelimit-reset", "20")],
            &[("ratelimit", "limit=100, remaining=7, reset=20")],
            &[("ratelimit", "\"default\";r=7;t=20")],
        ] {
            assert_eq!(parse_pairs(headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn ignores_incomplete_and_invalid_headers() {
        for headers in [
            &[][..],
            &[("x-ratelimit-remaining", "7")],
            &[("x-ratelimit-remaining", "-1"), ("x-ratelimit-reset", "20")],
            &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "86400")],
            &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "NaN")],
            &[("ratelimit", "soon")],
        ] {
            assert_eq!(parse_pairs(headers), None, "{headers:?}");
        }
    }
}
