//! Mathematics and palette: what the equations on screen rely on.
#![cfg(feature = "gui")]

use eframe::egui::{self, Color32, Context, Rect, Theme, pos2};
use egui_kittest::kittest::Queryable as _;
use neuron_playground::ui::{
    glyphs,
    math::{self, Formula},
    theme::{self, Palette},
};
use proptest::prelude::*;

const EQUATIONS: &[&str] = &[
    r"C V' = I - g_\text{Na} m^3 h (V - E_\text{Na})",
    r"v' = 0.04 v^2 + 5 v + 140 - u + I",
    r"u' = a (b v - u)",
    r"\tau_m V' = E_L - V + R I",
    r"x' = (x_\infty(V) - x)/\tau_x(V)",
    r"\Delta_T",
    r"C V' = -g_L(V-E_L) + g_L \Delta_T e^{(V-V_T)/\Delta_T} - w + I",
    r"\dot V = V - \frac{V^3}{3} - w + I",
    r"m_\infty = \frac{1}{2} \left(1 + \tanh \frac{V - V_1}{V_2}\right)",
    r"V \leftarrow c, \quad u \leftarrow u + d",
    r"\theta' = 1 - \cos \theta + (1 + \cos \theta) I",
    r"\alpha_n(V) = 0.01 \cdot \frac{10 - V}{\exp((10 - V)/10) - 1}",
    r"V \ge V_\text{peak}",
];

/// Runs one pass with the fonts installed.
fn with_fonts<R>(scale: f32, mut body: impl FnMut(&mut egui::Ui) -> R) -> R {
    let ctx = Context::default();
    theme::install(&ctx);
    let mut result = None;
    let mut input = egui::RawInput { screen_rect: Some(Rect::from_min_max(pos2(0.0, 0.0), pos2(800.0, 600.0))), ..Default::default() };
    for viewport in input.viewports.values_mut() {
        viewport.native_pixels_per_point = Some(scale);
    }
    let mut output = ctx.run_ui(input, |ui| result = Some(body(ui)));
    output.textures_delta.clear();
    result.expect("one pass ran")
}

fn layout(ctx: &Context, tex: &str) -> Formula {
    Formula::layout(ctx, tex, 18.5, Color32::WHITE, &|_| None)
}

#[test]
fn every_model_equation_has_a_size_and_all_its_glyphs() {
    with_fonts(1.0, |ui| {
        for tex in EQUATIONS {
            let formula = layout(ui, tex);
            assert!(formula.size().x > 10.0, "{tex} is {:?}", formula.size());
            assert!(formula.size().y > 10.0, "{tex} is {:?}", formula.size());
            assert!(formula.baseline() < formula.size().y, "{tex}");
            assert_eq!(formula.missing_glyphs(ui), "", "{tex}");
        }
    });
}

#[test]
fn every_named_sign_is_in_the_fonts() {
    let names = r"\alpha\beta\gamma\delta\epsilon\varepsilon\zeta\eta\theta\vartheta\iota\kappa
        \lambda\mu\nu\xi\omicron\pi\rho\varrho\sigma\varsigma\tau\upsilon\phi\varphi\chi\psi\omega
        \Gamma\Delta\Theta\Lambda\Xi\Pi\Sigma\Upsilon\Phi\Chi\Psi\Omega\infty\partial\nabla\prime
        \ldots\leftarrow\rightarrow\le\ge\ne\approx\sim\equiv\propto\in\cdot\times\pm\mp
        \langle\rangle\{\}\%\|\degree * -";
    with_fonts(1.0, |ui| {
        assert_eq!(layout(ui, names).missing_glyphs(ui), "");
    });
}

#[test]
fn a_symbol_is_a_letter_with_its_subscript() {
    let names = |tex| math::symbol_names(tex).join(" ");
    assert_eq!(names(r"g_\text{Na} m^3 h (V - E_\text{Na})"), "g_Na m h V E_Na");
    assert_eq!(names(r"\tau_m V' = E_L - V + R I"), "tau_m V E_L R I");
    assert_eq!(names(r"V_{th} + V_\text{th}"), "V_th");
    assert_eq!(names(r"x_\infty(V)"), "x_inf V");
    assert_eq!(names(r"g_L \Delta_T e^{(V-V_T)/\Delta_T}"), "g_L Delta_T e V V_T");
    assert_eq!(names(r"\dot V + \bar g_K + V^2_m"), "V g_K V_m");
    assert_eq!(names(r"1 + 2 = 3"), "");
}

#[test]
fn the_plain_version_reads_like_a_formula() {
    assert_eq!(math::plain(r"g_\text{Na}"), "g_Na");
    assert_eq!(math::plain(r"V'=0"), "V' = 0");
    assert_eq!(math::plain(r"0.04 v^2 - u"), "0.04v^2 - u");
    assert_eq!(math::plain(r"-g_L(V-E_L)"), "-g_L(V - E_L)");
    assert_eq!(math::plain(r"\frac{V - V_1}{V_2}"), "(V - V_1)/V_2");
    assert_eq!(math::plain(r"\unknown x"), "unknown x");
}

#[test]
fn the_lookup_is_asked_by_symbol_and_its_places_are_told() {
    with_fonts(1.0, |ui| {
        let asked = std::cell::RefCell::new(Vec::new());
        let formula = Formula::layout(ui, r"g_\text{Na} (V - E_\text{Na}) + I", 18.5, Color32::WHITE, &|key| {
            asked.borrow_mut().push(key.to_owned());
            None
        });
        assert_eq!(asked.into_inner(), ["g_Na", "V", "E_Na", "I"]);
        let places = formula.paint(ui.painter(), pos2(20.0, 30.0));
        let keys: Vec<&str> = places.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["g_Na", "V", "E_Na", "I"]);
        let whole = Rect::from_min_size(pos2(20.0, 30.0), formula.size()).expand(0.5);
        for (key, rect) in &places {
            assert!(rect.is_positive() && whole.contains_rect(*rect), "{key}: {rect:?}");
        }
        for pair in places.windows(2) {
            assert!(pair[0].1.right() < pair[1].1.left(), "{pair:?}");
        }
    });
}

#[test]
fn terms_are_the_operands_from_left_to_right() {
    with_fonts(1.0, |ui| {
        let count = |tex| layout(ui, tex).terms().len();
        assert_eq!(count(r"v' = 0.04 v^2 + 5 v + 140 - u + I"), 6);
        assert_eq!(count(r"u' = a (b v - u)"), 4);
        assert_eq!(count(r"V \leftarrow c \quad u \leftarrow u + d"), 5);
        assert_eq!(count(""), 0);
    });
}

#[test]
fn numbers_stand_close_and_factors_apart() {
    with_fonts(1.0, |ui| {
        let width = |tex| layout(ui, tex).size().x;
        assert!((width("5 v") - width("5v")).abs() < 1e-3);
        assert!(width(r"R I") > width(r"RI") + 1.0);
        assert!(width("a-b") > width("{a}{-}{b}") + 1.0, "binary minus has room");
        assert!(layout(ui, r"\frac{a}{b}").size().y > layout(ui, "a").size().y);
    });
}

#[test]
fn the_baseline_does_not_depend_on_the_letters() {
    with_fonts(1.5, |ui| {
        let baselines: Vec<f32> = ["a", "V", r"\tau_m", "g", r"E_\text{Na}"].iter().map(|tex| layout(ui, tex).baseline()).collect();
        assert!(baselines.iter().all(|b| (b - baselines[0]).abs() < 0.8), "{baselines:?}");
    });
}

#[test]
fn odd_strings_are_set_as_well_as_they_can_be() {
    let deep = "{".repeat(5000);
    let deep_fraction = r"\frac".repeat(3000);
    let odd = [
        "",
        " ",
        "_",
        "^",
        "'",
        "}",
        "{",
        "\\",
        "_^",
        "^_^",
        "a__b",
        "x^^2",
        r"\frac",
        r"\frac{a}",
        r"\frac}{",
        r"\dot",
        r"\text",
        r"\text{",
        r"\text}",
        r"\left",
        r"\left.",
        "}}a",
        "a_",
        "a^{",
        "日本 ẋ 🙂",
        "\0\u{7}",
        r"\nosuch",
        "1.2.3.",
        "''''''''",
        r"\\\\",
        "&%$#@",
        "−∞",
        deep.as_str(),
        deep_fraction.as_str(),
    ];
    with_fonts(1.0, |ui| {
        for tex in odd {
            assert!(layout(ui, tex).size().is_finite(), "{tex:?}");
            let _ = math::plain(tex);
        }
    });
}

proptest! {
    #[test]
    fn parsing_never_panics(tex in r"[a-z0-9_^'{}()\\ .+=-]{0,40}", any in ".{0,40}") {
        let _ = (math::plain(&tex), math::symbol_names(&tex));
        let _ = (math::plain(&any), math::symbol_names(&any));
    }
}

#[test]
fn a_label_is_named_in_plain_words() {
    let mut harness = egui_kittest::Harness::new_ui(|ui| {
        theme::install(ui);
        math::label(ui, r"g_\text{Na}", 17.5, Color32::WHITE);
    });
    harness.run();
    let size = harness.get_by_label("g_Na").rect().size();
    assert!(size.x > 10.0 && size.y > 10.0, "{size:?}");
}

#[test]
fn text_and_data_colours_stand_out_from_the_ground() {
    fn luminance(color: Color32) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
    }
    for theme in [Theme::Dark, Theme::Light] {
        let p = Palette::of_theme(theme);
        let ground = luminance(p.ground);
        let colors = [p.text, p.soft, p.muted, p.accent, p.v, p.recovery, p.input, p.spike, p.cycle, p.unstable, p.gate_h, p.gate_m];
        for color in colors {
            let own = luminance(color);
            let contrast = (own.max(ground) + 0.05) / (own.min(ground) + 0.05);
            assert!(contrast > 4.5, "{theme:?} {color:?}: {contrast}");
        }
    }
}

#[test]
fn dashes_follow_the_curve_and_stop_at_holes() {
    let line = [pos2(0.0, 0.0), pos2(3.0, 0.0), pos2(100.0, 0.0)];
    let dashes = glyphs::dash_pieces(&line, 6.0, 4.0);
    assert_eq!(dashes.len(), 10);
    assert_eq!(dashes[0], [pos2(0.0, 0.0), pos2(3.0, 0.0), pos2(6.0, 0.0)]);
    assert_eq!(dashes[1][0], pos2(10.0, 0.0));
    let holed = [pos2(0.0, 0.0), pos2(f32::NAN, 1.0), pos2(5.0, 0.0), pos2(6.0, 0.0)];
    assert_eq!(glyphs::dash_pieces(&holed, 6.0, 4.0).len(), 1);
    assert!(glyphs::dash_pieces(&line, 0.0, 4.0).is_empty());
    assert!(glyphs::dash_pieces(&line, f32::NAN, 4.0).is_empty());
}
