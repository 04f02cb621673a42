//! Inputs near the valid ones, where parsers are weak: valid bytes with a few changes, JSON objects with odd members,
//! and now and then bytes that are nothing at all.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::fmt;

/// Bytes that show as text.
#[derive(Clone, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "b\"{}\"", self.0.escape_ascii())
    }
}

#[derive(Debug, Clone)]
enum Change {
    Remove(Index, Index),
    Repeat(Index, Index, usize),
    Insert(Index, Vec<u8>),
    Replace(Index, u8),
    Truncate(Index),
    FlipCase(Index),
}

/// What parsers of these formats trip over.
const ODD: [&str; 40] = [
    "",
    " ",
    "\t",
    "\0",
    "\r\n",
    "=",
    "==",
    "&",
    ";",
    ",",
    ":",
    "::",
    ".",
    "..",
    "...",
    "/",
    "//",
    "\\",
    "%",
    "%00",
    "%FF",
    "%0d%0a",
    "+",
    "\"",
    "'",
    "#",
    "?",
    "@",
    "[",
    "]",
    "{",
    "}",
    "é",
    "\u{202e}",
    "\u{feff}",
    "\u{fffd}",
    "\u{1F511}",
    "-1",
    "9223372036854775808",
    "1e999",
];

fn change(words: &'static [&'static str]) -> impl Strategy<Value = Change> {
    let inserted = prop_oneof![
        3 => select(&ODD[..]).prop_map(|text| text.as_bytes().to_vec()),
        3 => select(words).prop_map(|text| text.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 1..8),
        1 => (any::<u8>(), 1..3000_usize).prop_map(|(byte, times)| vec![byte; times]),
    ];
    let place = any::<Index>;
    prop_oneof![
        (place(), place()).prop_map(|(from, to)| Change::Remove(from, to)),
        (place(), place(), 1..20_usize).prop_map(|(from, to, times)| Change::Repeat(from, to, times)),
        (place(), inserted).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (place(), any::<u8>()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        place().prop_map(Change::Truncate),
        place().prop_map(Change::FlipCase),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: Change) {
    let at = |index: Index, bytes: &Vec<u8>| index.index(bytes.len() + 1);
    let range = |from: Index, to: Index, bytes: &Vec<u8>| {
        let (from, to) = (at(from, bytes), at(to, bytes));
        // Mostly short, so that most of what was valid stays.
        from.min(to)..from.max(to).min(from.min(to) + 12)
    };
    match change {
        Change::Remove(from, to) => drop(bytes.drain(range(from, to, bytes))),
        Change::Repeat(from, to, times) => {
            let range = range(from, to, bytes);
            let part = bytes[range.clone()].repeat(times);
            bytes.splice(range.end..range.end, part);
        }
        Change::Insert(place, part) => {
            let place = at(place, bytes);
            bytes.splice(place..place, part);
        }
        Change::Replace(place, byte) if !bytes.is_empty() => {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        Change::Truncate(place) => bytes.truncate(at(place, bytes)),
        Change::FlipCase(place) if !bytes.is_empty() => {
            let place = place.index(bytes.len());
            bytes[place] ^= 0x20;
        }
        Change::Replace(..) | Change::FlipCase(_) => {}
    }
}

/// One of the valid texts with up to six changes, of which some insert one of the words; or bytes that are nothing.
pub fn bytes_near(
    valid: impl IntoIterator<Item = impl Into<String>>,
    words: &'static [&'static str],
) -> impl Strategy<Value = Bytes> {
    let valid: Vec<String> = valid.into_iter().map(Into::into).collect();
    let changed = (select(valid), vec(change(words), 0..6)).prop_map(|(text, changes)| {
        let mut bytes = text.into_bytes();
        for change in changes {
            apply(&mut bytes, change);
        }
        Bytes(bytes)
    });
    prop_oneof![9 => changed, 1 => vec(any::<u8>(), 0..200).prop_map(Bytes)]
}

/// The same as text.
pub fn text_near(
    valid: impl IntoIterator<Item = impl Into<String>>,
    words: &'static [&'static str],
) -> impl Strategy<Value = String> {
    bytes_near(valid, words).prop_map(|bytes| String::from_utf8_lossy(&bytes.0).into_owned())
}

/// A header's value: the same without what would end its line.
pub fn header_near(
    valid: impl IntoIterator<Item = impl Into<String>>,
    words: &'static [&'static str],
) -> impl Strategy<Value = Bytes> {
    bytes_near(valid, words).prop_map(|Bytes(mut bytes)| {
        bytes.retain(|byte| !matches!(byte, b'\r' | b'\n' | b'\0'));
        Bytes(bytes)
    })
}

/// A JSON text that may stand where another kind is expected, or no JSON at all.
pub fn odd_json() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec![
            "null",
            "true",
            "0",
            "-1",
            "1",
            "1.5",
            "1e999",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "\"\"",
            "\" \"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "[]",
            "[null]",
            "{}",
            "{\"a\":{}}",
            "\"none\"",
            "\"HS256\"",
            "\"ES256\"",
            "\"RS256\"",
            "[\"exp\"]",
            "",
            "x",
            "\"",
            "NaN",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,20}".prop_map(|text| serde_json::to_string(&text).expect("JSON")),
        any::<i64>().prop_map(|number| number.to_string()),
        (1..200_usize).prop_map(|deep| format!("{}{}", "[".repeat(deep), "]".repeat(deep))),
        (1..200_usize).prop_map(|deep| "{\"a\":".repeat(deep)),
        (1..3000_usize).prop_map(|long| format!("\"{}\"", "a".repeat(long))),
    ]
}

#[derive(Debug, Clone)]
enum MemberChange {
    Set(String),
    Remove,
    Repeat(String),
}

/// The JSON object as text, with up to four of the named members set to something odd, removed, or there twice.
pub fn object_near(valid: serde_json::Value, names: &'static [&'static str]) -> impl Strategy<Value = String> {
    let change = prop_oneof![
        odd_json().prop_map(MemberChange::Set),
        Just(MemberChange::Remove),
        odd_json().prop_map(MemberChange::Repeat),
    ];
    vec((select(names), change), 0..4).prop_map(move |changes| {
        let mut members: Vec<(String, String)> = valid
            .as_object()
            .expect("an object")
            .iter()
            .map(|(name, value)| (name.clone(), value.to_string()))
            .collect();
        for (name, change) in changes {
            if !matches!(change, MemberChange::Repeat(_)) {
                members.retain(|(other, _)| other != name);
            }
            match change {
                MemberChange::Set(value) | MemberChange::Repeat(value) => members.push((name.to_owned(), value)),
                MemberChange::Remove => {}
            }
        }
        let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", members.join(","))
    })
}
