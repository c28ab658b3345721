//! Mutated preset text: whatever comes, the loader answers with a setup or a sentence.

use neuron_playground::preset::{self, File, Setup};
use proptest::prelude::*;
use serde_json::Value;

/// One change to a text.
#[derive(Clone, Debug)]
enum Change {
    Flip(usize, u8),
    Truncate(usize),
    Insert(usize, &'static str),
    /// Repeats a stretch, which makes duplicate keys and items.
    Repeat(usize, usize),
    Remove(usize, usize),
    /// Replaces the n-th number by something else.
    Number(usize, &'static str),
    Nest(usize, usize),
}

const PIECES: [&str; 14] = ["{", "}", "[", "]", ",", ":", "\"", "null", "true", "-1", "1e999", "NaN", "\\u0000", "\u{feff}"];
const NUMBERS: [&str; 18] = [
    "0",
    "-0.0",
    "-1",
    "1e-320",
    "1e308",
    "-1e308",
    "1e999",
    "NaN",
    "Infinity",
    "\"5\"",
    "null",
    "[]",
    "{}",
    "0.1",
    "18446744073709551616",
    "1000000000000",
    "1e-12",
    "true",
];

fn change() -> impl Strategy<Value = Change> {
    let place = any::<usize>;
    prop_oneof![
        (place(), any::<u8>()).prop_map(|(k, b)| Change::Flip(k, b)),
        place().prop_map(Change::Truncate),
        (place(), prop::sample::select(&PIECES[..])).prop_map(|(k, s)| Change::Insert(k, s)),
        (place(), 1..60_usize).prop_map(|(k, n)| Change::Repeat(k, n)),
        (place(), 1..60_usize).prop_map(|(k, n)| Change::Remove(k, n)),
        (place(), prop::sample::select(&NUMBERS[..])).prop_map(|(k, s)| Change::Number(k, s)),
        (place(), 1..3000_usize).prop_map(|(k, n)| Change::Nest(k, n)),
    ]
}

fn apply(text: &mut Vec<u8>, change: &Change) {
    if text.is_empty() {
        return;
    }
    let at = |k: usize, text: &[u8]| k % text.len();
    match *change {
        Change::Flip(k, bits) => {
            let k = at(k, text);
            text[k] ^= bits;
        }
        Change::Truncate(k) => text.truncate(at(k, text)),
        Change::Insert(k, piece) => {
            let k = at(k, text);
            text.splice(k..k, piece.bytes());
        }
        Change::Repeat(k, n) => {
            let k = at(k, text);
            let piece = text[k..(k + n).min(text.len())].to_vec();
            text.splice(k..k, piece);
        }
        Change::Remove(k, n) => {
            let k = at(k, text);
            text.drain(k..(k + n).min(text.len()));
        }
        Change::Number(k, other) => {
            let digit = |b: &u8| b.is_ascii_digit() || b"+-.eE".contains(b);
            let starts: Vec<usize> = (1..text.len()).filter(|i| digit(&text[*i]) && b" [:".contains(&text[i - 1])).collect();
            if let Some(start) = (!starts.is_empty()).then(|| starts[k % starts.len()]) {
                let end = start + text[start..].iter().take_while(|b| digit(b)).count();
                text.splice(start..end, other.bytes());
            }
        }
        Change::Nest(k, n) => {
            let k = at(k, text);
            text.splice(k..k, std::iter::repeat_n(b'[', n));
        }
    }
}

/// What must hold of any bytes.
fn judge(bytes: &[u8]) -> Result<(), TestCaseError> {
    match preset::parse_bytes(bytes) {
        Ok(setup) => accepted(&setup),
        Err(error) => {
            let message = error.to_string();
            prop_assert!(!message.is_empty() && !message.contains(char::is_control), "{message:?}");
            Ok(())
        }
    }
}

/// What must hold of every setup the loader lets through.
fn accepted(setup: &Setup) -> Result<(), TestCaseError> {
    prop_assert!(setup.check().is_ok());
    prop_assert!(preset::parse(&setup.to_json()).unwrap() == *setup, "{}", setup.to_json());
    // It can be stepped, whatever comes of it.
    let mut simulation = setup.simulation();
    simulation.run(3, None);
    prop_assert!(simulation.time() > 0.0 || simulation.stopped().is_some());
    prop_assert_eq!(simulation.state().len(), setup.neuron.dim());
    Ok(())
}

/// A preset with every kind of item and every field.
const EVERYTHING: &str = include_str!("presets/everything.json");

fn source() -> impl Strategy<Value = &'static str> {
    let embedded: Vec<&'static str> = preset::entries().iter().map(|e| e.text).collect();
    prop_oneof![Just(EVERYTHING), prop::sample::select(embedded)]
}

#[test]
fn the_preset_with_everything_is_valid_and_survives_a_round_trip() {
    let setup = preset::parse(EVERYTHING).unwrap();
    assert!(accepted(&setup).is_ok());
    assert_eq!(setup.stimulus.len(), 14);
    let file: Value = serde_json::from_str(EVERYTHING).unwrap();
    let again: Value = serde_json::from_str(&setup.to_json()).unwrap();
    for field in ["title", "shows", "source", "notes", "view", "expect", "experiment", "compare", "lesson"] {
        assert_eq!(file[field], again[field], "{field}");
    }
    let written: File = serde_json::from_str(&setup.to_json()).unwrap();
    assert!(written == setup.to_file());
}

#[test]
fn every_truncation_is_refused() {
    let text = EVERYTHING.trim_end();
    for end in 0..text.len() {
        let refused = preset::parse_bytes(&text.as_bytes()[..end]).is_err();
        assert!(refused, "cut at byte {end}");
    }
    assert!(preset::parse_bytes(text.as_bytes()).is_ok());
}

#[test]
fn a_byte_order_mark_is_allowed_once() {
    let marked = format!("\u{feff}{EVERYTHING}");
    assert!(preset::parse_bytes(marked.as_bytes()).is_ok());
    assert!(preset::parse_bytes(format!("\u{feff}{marked}").as_bytes()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_presets_give_a_setup_or_a_sentence(text in source(), changes in prop::collection::vec(change(), 1..4)) {
        let mut bytes = text.as_bytes().to_vec();
        for change in &changes {
            apply(&mut bytes, change);
        }
        judge(&bytes)?;
    }

    #[test]
    fn presets_with_exchanged_values_give_a_setup_or_a_sentence(
        text in source(),
        swaps in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..5),
    ) {
        let mut value: Value = serde_json::from_str(text).unwrap();
        for (from, to) in swaps {
            let mut places = Vec::new();
            pointers(&value, String::new(), &mut places);
            let taken = value.pointer(&places[from.index(places.len())]).cloned().unwrap();
            *value.pointer_mut(&places[to.index(places.len())]).unwrap() = taken;
        }
        judge(value.to_string().as_bytes())?;
    }

    #[test]
    fn bytes_that_mean_nothing_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(preset::parse_bytes(&bytes).is_err());
    }
}

/// The places of all values inside a value.
fn pointers(value: &Value, place: String, places: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, inner)| pointers(inner, format!("{place}/{key}"), places)),
        Value::Array(items) => items.iter().enumerate().for_each(|(k, inner)| pointers(inner, format!("{place}/{k}"), places)),
        _ => {}
    }
    places.push(place);
}
