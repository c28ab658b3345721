//! The walls between the layers, and the habits of the code, read from the sources themselves.

use std::fs;
use std::path::{Path, PathBuf};

/// Every layer with the layers it may import. Imports point one way only.
const LAYERS: [(&str, &[&str]); 10] = [
    ("scalar", &[]),
    ("model", &["scalar"]),
    ("stimulus", &["scalar", "model"]),
    ("sim", &["scalar", "model", "stimulus"]),
    ("analysis", &["scalar", "model", "stimulus", "sim"]),
    ("experiment", &["scalar", "model", "stimulus", "sim", "analysis"]),
    ("preset", &["scalar", "model", "stimulus", "sim", "analysis", "experiment"]),
    ("app", &["scalar", "model", "stimulus", "sim", "analysis", "experiment", "preset"]),
    ("cli", &["scalar", "model", "stimulus", "sim", "analysis", "experiment", "preset", "app"]),
    // The command line parses what the window and `render` are asked to show, so `ui` may read its requests.
    ("ui", &["scalar", "model", "stimulus", "sim", "analysis", "experiment", "preset", "app", "cli"]),
];
/// Words that end a program where an error should be reported.
const ABRUPT: [&str; 6] = [".unwrap()", ".expect(", "panic!(", "unreachable!(", "todo!(", "unimplemented!("];
/// Crates that draw, and so belong to `ui` alone.
const DRAWING: [&str; 6] = ["eframe", "egui", "egui_commonmark", "egui_plot", "egui_tiles", "rfd"];

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.sort();
    assert!(found.len() > 30, "the sources are not where they were");
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn shown(path: &Path) -> String {
    path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(path).display().to_string()
}

/// The layer a file belongs to; `None` for `lib.rs` and `main.rs`, which only tie layers together.
fn layer(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
    let name = first.strip_suffix(".rs").unwrap_or(first);
    (!["lib", "main"].contains(&name)).then(|| name.to_string())
}

/// The code of a file: no comments, and nothing under `#[cfg(test)]`.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let mut kept = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim_start().starts_with("//") {
            continue;
        }
        if line.trim() == "#[cfg(test)]" {
            skip_item(&mut lines);
            continue;
        }
        kept.push_str(line.split(" // ").next().unwrap_or(line));
        kept.push('\n');
    }
    kept
}

/// Skips the item that follows: to its closing brace at the same indentation, or its semicolon.
fn skip_item(lines: &mut std::str::Lines<'_>) {
    let Some(head) = lines.next() else { return };
    if head.trim_end().ends_with(';') || head.trim_end().ends_with('}') {
        return;
    }
    let indent = &head[..head.len() - head.trim_start().len()];
    let close = format!("{indent}}}");
    for line in lines.by_ref() {
        if line == close {
            return;
        }
    }
}

/// The names that follow `crate::`, whether one or a group in braces.
fn imports(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, marker) in code.match_indices("crate::") {
        let rest = &code[at + marker.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            names.extend(top_level(group).iter().map(|item| first_name(item)));
        } else {
            names.push(first_name(rest));
        }
    }
    names
}

fn first_name(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The members of a group `a::b, c::{d, e}}`, split at its own commas.
fn top_level(group: &str) -> Vec<String> {
    let (mut depth, mut items) = (0, vec![String::new()]);
    for c in group.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => items.push(String::new()),
            _ => {
                depth += i32::from(c == '{') - i32::from(c == '}');
                items.last_mut().unwrap().push(c);
            }
        }
    }
    items.retain(|item| !item.trim().is_empty());
    items
}

#[test]
fn imports_between_layers_point_one_way() {
    let mut wrong = Vec::new();
    for path in sources() {
        let Some(layer) = layer(&path) else { continue };
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == layer) else {
            wrong.push(format!("{}: {layer} is not a layer of the table", shown(&path)));
            continue;
        };
        for name in imports(&code(&path)) {
            // The table macro of the models is exported at the root of the crate.
            let name = if name == "fields" { "model".to_string() } else { name };
            if name != layer && !allowed.contains(&name.as_str()) {
                wrong.push(format!("{}: {layer} must not import {name}", shown(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_of_layers_has_no_circle() {
    for (place, (name, allowed)) in LAYERS.iter().enumerate() {
        let earlier: Vec<&str> = LAYERS[..place].iter().map(|(name, _)| *name).collect();
        assert!(allowed.iter().all(|a| earlier.contains(a)), "{name} imports a later layer");
    }
}

#[test]
fn no_path_climbs_out_of_its_layer_unseen() {
    for path in sources() {
        let depth = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap().components().count();
        let file = path.file_name().unwrap();
        // From the root module of a layer one `super` is the crate itself.
        let root = depth == 1 || (depth == 2 && file == "mod.rs");
        let code = code(&path);
        assert!(!(root && code.contains("super::")) || layer(&path).is_none(), "{} reaches for the crate by `super`", shown(&path));
        assert!(!code.contains("super::super::"), "{} climbs two modules: name the layer with `crate::`", shown(&path));
    }
}

#[test]
fn only_the_window_imports_crates_that_draw() {
    for path in sources() {
        let Some(layer) = layer(&path) else { continue };
        let code = code(&path);
        for name in DRAWING {
            let used = code.contains(&format!("use {name}::")) || code.contains(&format!("{name}::"));
            assert!(layer == "ui" || !used, "{} uses {name}", shown(&path));
        }
    }
}

#[test]
fn nothing_outside_tests_can_panic_by_intent() {
    let mut wrong = Vec::new();
    for path in sources() {
        for (number, line) in code(&path).lines().enumerate() {
            wrong
                .extend(ABRUPT.iter().filter(|word| line.contains(**word)).map(|word| format!("{}, code line {}: {word}", shown(&path), number + 1)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_source_file_is_longer_than_four_hundred_lines() {
    let long: Vec<String> = sources()
        .iter()
        .map(|path| (shown(path), fs::read_to_string(path).unwrap().lines().count()))
        .filter(|(_, lines)| *lines > 400)
        .map(|(name, lines)| format!("{name}: {lines}"))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn no_layer_but_the_registry_names_a_model_by_its_id() {
    let ids: Vec<&str> = neuron_playground::model::all().iter().map(|m| m.card().id).collect();
    for path in sources() {
        if path.components().any(|c| c.as_os_str() == "zoo") {
            continue;
        }
        let code = code(&path);
        for id in &ids {
            assert!(!code.contains(&format!("\"{id}\" =>")) && !code.contains(&format!("== \"{id}\"")), "{} asks for {id}", shown(&path));
        }
    }
}
