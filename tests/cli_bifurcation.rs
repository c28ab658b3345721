//! `bifurcation` as a process: its JSON, table and text, what it refuses, and the values it must find.

mod process;

use process::{has, program};
use serde_json::Value;

fn run(setup: &str, over: &str, more: &[&str]) -> Value {
    let mut args = vec!["bifurcation", setup, "--over", over, "--json"];
    args.extend(more);
    let run = program(&args);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{setup} {over}");
    run.json()
}

fn list<'a>(value: &'a Value, field: &str) -> &'a Vec<Value> {
    value[field].as_array().unwrap_or_else(|| panic!("{field} is no list in {value}"))
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// The special points are exactly these, in order: type, value, and what the digits of the value leave open.
fn expect(json: &Value, golden: &[(&str, f64, f64)]) {
    let points = list(json, "special_points");
    let types: Vec<&str> = points.iter().map(|p| p["type"].as_str().unwrap()).collect();
    assert_eq!(types, golden.iter().map(|g| g.0).collect::<Vec<_>>(), "{points:?}");
    for (point, (_, value, digits)) in points.iter().zip(golden) {
        let (found, error) = (number(&point["value"]), number(&point["error_estimate"]));
        assert!((found - value).abs() <= digits + error && error <= 1e-3 * value.abs().max(1.0), "{point}, wanted {value}");
    }
}

#[test]
fn hodgkin_huxley_has_its_values_and_every_field() {
    let json = run("hodgkin_huxley", "I=0:200", &["--set", "E_L=-54.4"]);
    expect(
        &json,
        &[
            ("cycle_fold", 6.26422, 1e-5),
            ("cycle_fold", 7.84625, 1e-5),
            ("period_doubling", 7.84924, 1e-5),
            ("period_doubling", 7.92168, 1e-5),
            ("cycle_fold", 7.92169, 1e-5),
            ("hopf", 9.779_338, 1e-6),
            ("hopf", 154.526_33, 1e-5),
        ],
    );
    has(&json, &["over", "elapsed_ms", "special_points", "branches"]);
    assert_eq!(json["over"], serde_json::json!({ "id": "I", "from": 0.0, "to": 200.0 }));
    assert!(number(&json["elapsed_ms"]) > 0.0);
    let points = list(&json, "special_points");
    for point in points {
        has(point, &["type", "value", "state", "error_estimate"]);
        has(&point["state"], &["V", "m", "h", "n"]);
        match point["type"].as_str().unwrap() {
            "hopf" => has(point, &["criticality", "first_lyapunov", "frequency"]),
            _ => assert!(number(&point["period"]) > 0.0),
        }
    }
    let hopfs: Vec<&Value> = points.iter().filter(|p| p["type"] == "hopf").collect();
    assert_eq!((&hopfs[0]["criticality"], &hopfs[1]["criticality"]), (&Value::from("subcritical"), &Value::from("supercritical")));
    for (hopf, v, l1, omega) in [(hopfs[0], -59.654_14, 0.01479, 0.586_234), (hopfs[1], -43.058_09, -0.00473, 1.062_922)] {
        assert!((number(&hopf["state"]["V"]) - v).abs() < 1e-5 && (number(&hopf["first_lyapunov"]) - l1).abs() < 1e-5);
        // In Hz, from rad/ms.
        assert!((number(&hopf["frequency"]) - omega * 1000.0 / std::f64::consts::TAU).abs() < 1e-3);
    }
}

#[test]
fn branches_are_of_two_kinds_with_their_own_fields() {
    let json = run("fitzhugh_nagumo_classic", "I=0:2", &[]);
    let branches = list(&json, "branches");
    let of = |kind: &str| branches.iter().filter(|b| b["kind"] == kind).collect::<Vec<_>>();
    assert_eq!((of("equilibrium").len(), of("cycle").len(), branches.len()), (1, 1, 2));
    let rests = list(of("equilibrium")[0], "points");
    assert!(rests.iter().all(|p| number(&p["state"]["v"]).is_finite() && number(&p["state"]["w"]).is_finite()));
    // Unstable between the Hopf points and nowhere else.
    for point in rests {
        let value = number(&point["value"]);
        if (value - 0.331_281_3).abs() > 1e-6 && (value - 1.418_718_7).abs() > 1e-6 {
            assert_eq!(point["stable"], !(0.331_281_3..1.418_718_7).contains(&value), "{point}");
        }
    }
    let cycles = list(of("cycle")[0], "points");
    assert!(cycles.iter().any(|p| p["stable"] == true) && cycles.iter().any(|p| p["stable"] == false));
    for point in cycles {
        for state in ["v", "w"] {
            assert!(number(&point["min"][state]) <= number(&point["max"][state]), "{point}");
        }
        assert!(number(&point["period"]) > 0.0);
    }
    // Per unit time, as nothing here has a unit: ω = 0.275507.
    let hopf = list(&json, "special_points").iter().find(|p| p["type"] == "hopf").unwrap();
    assert!((number(&hopf["frequency"]) - 0.275_507 / std::f64::consts::TAU).abs() < 1e-6);
    expect(&json, &[("cycle_fold", 0.324_179, 1e-4), ("hopf", 0.331_281_3, 1e-7), ("hopf", 1.418_718_7, 1e-7), ("cycle_fold", 1.425_821, 1e-4)]);
}

#[test]
fn the_class_one_set_fires_from_a_circle_and_its_fold_is_listed_once() {
    expect(&run("persistent_sodium_potassium", "I=0:250", &[]), &[("saddle_node_on_invariant_circle", 4.51287, 5e-6), ("hopf", 200.4395, 5e-5)]);
    let fast = run("persistent_sodium_potassium", "I=0:60", &["--set", "tau_n=0.152"]);
    expect(&fast, &[("saddle_node", 4.51287, 5e-6), ("hopf", 43.8878, 5e-5)]);
    let homoclinic = run("persistent_sodium_potassium", "I=-5:30", &["--set", "tau_n=0.152"]);
    expect(&homoclinic, &[("homoclinic", -0.2977, 5e-5), ("saddle_node", 4.51287, 5e-6)]);
}

#[test]
fn reset_models_list_points_of_flow_and_map_together() {
    expect(&run("lif", "I=0:5", &[]), &[("firing_onset", 2.0, 0.0)]);
    let izhikevich = run("izhikevich", "I=0:20", &[]);
    expect(
        &izhikevich,
        &[("firing_onset", 3.774_375, 1e-9), ("homoclinic", 3.774_380_205, 0.0), ("hopf", 3.7975, 1e-12), ("saddle_node", 4.0, 1e-12)],
    );
    let onset = &list(&izhikevich, "special_points")[0];
    assert_eq!(onset["spikes"], serde_json::json!([0, 1]));
    assert!(onset["how"].as_str().unwrap().contains("basin"));
    // Touboul and Brette 2008: the fold at V_T + Δ ln(1 + a/g), the Hopf point at V_T + Δ ln(1 + C/(g τ)).
    let (c, g, e, vt, d, a, tau) = (281.0, 30.0, -70.6, -50.4, 2.0, 4.0, 144.0);
    let rest = |v: f64| (g + a) * (v - e) - g * d * f64::exp((v - vt) / d);
    let (fold, hopf) = (rest(vt + d * f64::ln(1.0 + a / g)), rest(vt + d * f64::ln(1.0 + c / (g * tau))));
    let adex = run("adex", "I=0:1500", &[]);
    let points = list(&adex, "special_points");
    assert!(points.is_sorted_by(|a, b| number(&a["value"]) <= number(&b["value"])));
    let at = |kind: &str| points.iter().find(|p| p["type"] == kind).map(|p| number(&p["value"])).unwrap();
    assert!((at("saddle_node") - fold).abs() < 1e-8 && (at("hopf") - hopf).abs() < 1e-8 && at("firing_onset") < at("hopf"));
}

#[test]
fn firing_patterns_are_branches_of_cycles_split_by_their_spikes() {
    let json = run("adex/regular_bursting", "V_reset=-50:-44.5", &[]);
    let branches: Vec<&Value> = list(&json, "branches").iter().filter(|b| b["kind"] == "cycle").collect();
    assert_eq!(branches.len(), 3);
    for (branch, spikes) in branches.iter().zip(1..) {
        for point in list(branch, "points") {
            assert_eq!((&point["spikes"], &point["stable"]), (&Value::from(spikes), &Value::from(true)));
            assert!(number(&point["period"]) > 0.0);
            // From below the reset up to the peak, and from the lowest w up to that after the last spike.
            assert!(number(&point["min"]["V"]) <= number(&point["value"]) && number(&point["max"]["V"]).abs() < 1e-9, "{point}");
            assert!(number(&point["max"]["w"]) - number(&point["min"]["w"]) > 99.0, "{point}");
        }
    }
    let types: Vec<&str> = list(&json, "special_points").iter().map(|p| p["type"].as_str().unwrap()).collect();
    assert!(types.contains(&"spike_count_border") && types.contains(&"period_doubling"), "{types:?}");
}

#[test]
fn the_table_has_a_row_for_every_point_and_equilibria_have_equal_extremes() {
    let folder = tempfile::tempdir().unwrap();
    for (setup, over, header) in [
        ("fitzhugh_nagumo_classic", "I=0:2", "branch,kind,I,stable,period,min_v,min_w,max_v,max_w"),
        ("izhikevich/chattering", "d=2:4", "branch,kind,d,stable,period,min_v,min_u,max_v,max_u"),
        ("lif", "V_th=-60:-40", "branch,kind,V_th,stable,period,min_V,max_V"),
    ] {
        let file = folder.path().join("branches.csv");
        let json = run(setup, over, &["--csv", file.to_str().unwrap(), "--set", "I=2.5"]);
        let text = std::fs::read_to_string(&file).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some(header));
        let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
        assert!(rows.iter().all(|row| row.len() == header.split(',').count()));
        let branches = list(&json, "branches");
        let wanted = branches.iter().enumerate().flat_map(|(place, b)| list(b, "points").iter().map(move |p| (place, b, p)));
        let mut count = 0;
        for ((place, branch, point), row) in wanted.zip(&rows) {
            assert_eq!((row[0].parse().ok(), row[1]), (Some(place), branch["kind"].as_str().unwrap()));
            assert_eq!(row[2].parse::<f64>().ok(), point["value"].as_f64());
            assert_eq!(row[3], point["stable"].to_string());
            if row[1] == "equilibrium" {
                let half = (row.len() - 5) / 2;
                assert_eq!((row[4], &row[5..5 + half]), ("", &row[5 + half..]));
            } else {
                assert_eq!(row[4].parse::<f64>().ok(), point["period"].as_f64());
            }
            count += 1;
        }
        assert_eq!(count, rows.len(), "{setup}");
        assert!(rows.len() > 50, "{setup}: {}", rows.len());
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn the_text_names_each_point_and_counts_branches_in_words_that_fit() {
    let one = program(&["bifurcation", "hodgkin_huxley", "--over", "I=9:11"]);
    assert_eq!((one.code, one.err.as_str()), (Some(0), ""));
    assert!(one.out.starts_with("subcritical Andronov–Hopf at I = 9.775"), "{}", one.out);
    assert!(one.out.lines().last().unwrap().starts_with("1 branch of equilibria, "), "{}", one.out);
    let none = program(&["bifurcation", "lif", "--over", "I=0:1"]);
    assert_eq!(none.out, "nothing changes for I from 0 to 1 nA\n1 branch of equilibria, 0 of cycles, 0 of firing patterns\n");
    let onset = program(&["bifurcation", "lif", "--over", "I=0:5"]);
    assert!(onset.out.starts_with("onset of firing at I = ") && onset.out.contains("(spikes a period: 0 below, 1 above)"), "{}", onset.out);
}

#[test]
fn a_diagram_that_makes_no_sense_is_refused_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("branches.csv");
    let cases = [
        (&["g_x=0:1"][..], "\"g_x\" is neither I nor a parameter of hodgkin_huxley: C, g_Na"),
        (&["V=0:1"], "\"V\" is neither I nor a parameter"),
        (&["I=2:1"], "over I=2:1: FROM must be below TO"),
        (&["I=1:1"], "FROM must be below TO"),
        (&["I=0:1e6"], "I = 1000000 is outside"),
        (&["C=-1:1"], "C = -1 is outside"),
        (&["I=nan:1"], "I = NaN"),
        (&["I=0:inf"], "I = inf"),
        (&["I=0"], "is not ID=FROM:TO"),
        (&["0:1"], "is not ID=FROM:TO"),
        (&["I=0:1:5"], "\"1:5\" is not a number"),
        (&["I=zero:1"], "\"zero\" is not a number"),
        (&["I=0:10", "I=0:5"], "both --over name I"),
        (&["I=0:10", "g_Na=100:150", "g_K=30:40"], "--over was given 3 times; at most two are allowed"),
    ];
    for (overs, part) in cases {
        let mut args = vec!["bifurcation", "hodgkin_huxley", "--csv", file.to_str().unwrap()];
        for over in overs {
            args.extend(["--over", over]);
        }
        program(&args).refused(2, part);
    }
    program(&["bifurcation", "hodgkin_huxley"]).refused(2, "--over");
    program(&["bifurcation", "nonsense", "--over", "I=0:1"]).refused(2, "neither a model, a preset nor a file");
    program(&["bifurcation", "lif", "--over", "I=0:1", "--set", "tau_m=0"]).refused(2, "tau_m = 0 is outside");
    // Every combination inside the range must be allowed: the exponent of the upstroke is bounded.
    program(&["bifurcation", "adex", "--over", "Delta_T=0.05:2"]).refused(2, "Delta_T");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    program(&["bifurcation", "lif", "--over", "I=0:1", "--csv", "/no/such/folder/branches.csv"]).refused(1, "cannot write");
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_was_computed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("branches.csv");
    // Irregular firing takes some seconds.
    let args = ["bifurcation", "adex/irregular_spiking", "--over", "b=0:60", "--csv", file.to_str().unwrap(), "--json"];
    let child = process::command(&args).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(900));
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let run = process::finish(child);
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(run.err.contains("interrupted"), "{}", run.err);
    let points: usize = list(&run.json(), "branches").iter().map(|b| list(b, "points").len()).sum();
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(text.lines().count(), points + 1);
    assert!(points > 0 && text.ends_with('\n'));
}
