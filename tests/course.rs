//! The table of the course in docs/course.md: every row has a place in the program and a test that exists.

use std::fs;
use std::path::Path;

use neuron_playground::app::help;
use neuron_playground::experiment::protocols;
use neuron_playground::{model, preset};

struct Row {
    number: u32,
    places: Vec<String>,
    tests: Vec<String>,
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/course.md")).expect("the table");
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect::<Vec<_>>();
    let row = |line: &str| {
        let cells = cells(line);
        let number = cells.first()?.split(' ').next()?.parse().ok()?;
        let places = cells.get(1)?.split_whitespace().map(str::to_string).collect();
        Some(Row { number, places, tests: cells.get(2)?.split_whitespace().map(str::to_string).collect() })
    };
    text.lines().filter(|line| line.starts_with("| ")).filter_map(row).collect()
}

#[test]
fn the_table_has_all_sixty_seven_rows_once_and_in_order() {
    let numbers: Vec<u32> = rows().iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=67).collect::<Vec<u32>>());
}

#[test]
fn every_row_is_done_in_a_place_that_exists() {
    let mut missing = Vec::new();
    for row in rows() {
        assert!(!row.places.is_empty(), "row {} is done nowhere", row.number);
        for place in &row.places {
            let (kind, id) = place.split_once(':').unwrap_or(("", place));
            let exists = match kind {
                "preset" => preset::embedded(id).is_some(),
                "model" => model::find(id).is_some(),
                "experiment" => protocols::find(id).is_some(),
                "help" => help::find(id).is_some(),
                "view" => is_view(id),
                _ => false,
            };
            if !exists {
                missing.push(format!("row {}: {place}", row.number));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[cfg(feature = "gui")]
fn is_view(id: &str) -> bool {
    neuron_playground::ui::view_ids().any(|view| view == id)
}

#[cfg(not(feature = "gui"))]
fn is_view(_id: &str) -> bool {
    true
}

#[test]
fn every_row_is_proved_by_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut missing = Vec::new();
    for row in rows() {
        assert!(!row.tests.is_empty(), "row {} names no test", row.number);
        for test in &row.tests {
            let (file, name) = test.rsplit_once("::").unwrap_or(("", test));
            let candidates = [root.join("tests").join(format!("{file}.rs")), root.join("src").join(format!("{file}.rs"))];
            let text = candidates.iter().find_map(|path| fs::read_to_string(path).ok()).unwrap_or_default();
            if !text.contains(&format!("#[test]\nfn {name}(")) && !text.contains(&format!("#[test]\n    fn {name}(")) {
                missing.push(format!("row {}: {test}", row.number));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
