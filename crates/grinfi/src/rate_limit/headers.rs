//! What a server says of its limit. The API documents no such headers; if they come, they are believed.

use std::time::{Duration, SystemTime};

use http::HeaderMap;

/// What is left of the window, and how long it still lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) remaining: u32,
    pub(crate) reset: Duration,
}

/// A reset further away than this is of another limit, or no time at all.
const LONGEST: Duration = Duration::from_secs(3600);
/// From here on a number of seconds is a date.
const EPOCH: u64 = 1_000_000_000;

/// Reads `x-ratelimit-remaining` and `-reset`, `ratelimit-remaining` and `-reset`, or one `ratelimit` with both
/// (`limit=100, remaining=50, reset=5` or `"default";r=50;t=5`).
pub(crate) fn read(headers: &HeaderMap, now: SystemTime) -> Option<Told> {
    // A look at each name is cheaper than a look-up of five of them, and there is nothing almost always.
    if !headers.keys().any(|name| name.as_str().trim_start_matches("x-").starts_with("ratelimit")) {
        return None;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let pair = |remaining: &str, reset: &str| Some((text(remaining)?, text(reset)?));
    let (remaining, reset) = pair("x-ratelimit-remaining", "x-ratelimit-reset")
        .or_else(|| pair("ratelimit-remaining", "ratelimit-reset"))
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
    let reset = if reset.as_secs() < EPOCH {
        reset
    } else {
        SystemTime::UNIX_EPOCH.checked_add(reset)?.duration_since(now).unwrap_or(Duration::ZERO)
    };
    (reset <= LONGEST).then_some(Told { remaining, reset })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(headers: &[(&'static str, &'static str)]) -> Option<Told> {
        let headers = headers
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), http::HeaderValue::from_static(value)))
            .collect();
        read(&headers, SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000))
    }

    #[test]
    fn every_form_is_read() {
        let expected = Some(Told { remaining: 7, reset: Duration::from_secs(20) });
        for headers in [
            &[("x-ratelimit-remaining", "7"), ("x-ratelimit-reset", "20")][..],
            &[("x-ratelimit-remaining", "7"), ("x-ratelimit-reset", "1790000020")],
            &[("ratelimit-remaining", " 7 "), ("ratelimit-reset", "20")],
            &[("ratelimit", "limit=100, remaining=7, reset=20")],
            &[("ratelimit", "\"default\";r=7;t=20")],
        ] {
            assert_eq!(told(headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn what_says_too_little_or_nonsense_is_left() {
        for headers in [
            &[][..],
            &[("x-ratelimit-remaining", "7")],
            &[("x-ratelimit-remaining", "-1"), ("x-ratelimit-reset", "20")],
            &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "86400")],
            &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "NaN")],
            &[("ratelimit", "soon")],
        ] {
            assert_eq!(told(headers), None, "{headers:?}");
        }
    }
}
