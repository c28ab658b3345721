//! Fonts and egui styles of both themes.

use std::sync::Arc;

use eframe::egui::{
    CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle, Theme, Visuals,
    style::{HandleShape, ScrollStyle, WidgetVisuals},
    vec2,
};

use super::{MATH_ITALIC, MATH_REGULAR, Palette, Sizes, sans};

/// egui's own faces, STIX for mathematics, and `DejaVu` Sans for what both lack.
pub(super) fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let files: [(&str, &'static [u8]); 3] = [
        ("stix-italic", include_bytes!("../../../assets/fonts/STIXGeneral-Italic.otf")),
        ("stix-regular", include_bytes!("../../../assets/fonts/STIXGeneral-Regular.otf")),
        ("dejavu-sans", include_bytes!("../../../assets/fonts/DejaVuSans.ttf")),
    ];
    for (name, bytes) in files {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    // Last: it only fills the gaps (arrows, Greek, ẋ) of egui's own faces.
    for family in [FontFamily::Proportional, FontFamily::Monospace] {
        fonts.families.entry(family).or_default().push("dejavu-sans".to_owned());
    }
    let chains: [(&str, &[&str]); 2] =
        [(MATH_ITALIC, &["stix-italic", "stix-regular", "dejavu-sans"]), (MATH_REGULAR, &["stix-regular", "dejavu-sans"])];
    for (family, chain) in chains {
        fonts.families.insert(FontFamily::Name(family.into()), chain.iter().map(|&name| name.to_owned()).collect());
    }
    fonts
}

/// The style of one theme: calm widgets, boxes only where one can press.
pub(super) fn style(theme: Theme) -> Style {
    let sizes = &Sizes::NORMAL;
    let mut style = Style {
        visuals: visuals(theme),
        text_styles: [
            (TextStyle::Small, sans(sizes.unit)),
            (TextStyle::Body, sans(sizes.body)),
            (TextStyle::Button, sans(sizes.row)),
            (TextStyle::Heading, sans(sizes.title)),
            (TextStyle::Monospace, FontId::new(sizes.section, FontFamily::Monospace)),
        ]
        .into(),
        ..Style::default()
    };
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 4.0);
    spacing.button_padding = vec2(10.0, 5.0);
    spacing.interact_size.y = 28.0;
    spacing.slider_rail_height = 2.0;
    spacing.window_margin = Margin::same(16);
    spacing.menu_margin = Margin::same(8);
    spacing.tooltip_width = 360.0;
    // A thin bar stands also where the pointer is not: it is the sign that there is more.
    spacing.scroll = ScrollStyle { dormant_handle_opacity: 0.5, ..ScrollStyle::floating() };
    style
}

fn visuals(theme: Theme) -> Visuals {
    let palette = Palette::of_theme(theme);
    let mut visuals = match theme {
        Theme::Dark => Visuals::dark(),
        Theme::Light => Visuals::light(),
    };
    visuals.panel_fill = palette.panel;
    visuals.window_fill = palette.raised;
    visuals.window_stroke = Stroke::new(1.0, palette.rule);
    visuals.window_shadow = Shadow::NONE;
    visuals.popup_shadow = Shadow::NONE;
    visuals.window_corner_radius = CornerRadius::same(6);
    visuals.menu_corner_radius = CornerRadius::same(6);
    visuals.extreme_bg_color = palette.ground;
    visuals.faint_bg_color = palette.grid;
    visuals.code_bg_color = palette.raised;
    visuals.override_text_color = Some(palette.text);
    visuals.weak_text_color = Some(palette.muted);
    visuals.hyperlink_color = palette.accent;
    visuals.warn_fg_color = palette.recovery;
    visuals.error_fg_color = palette.cycle;
    visuals.selection.bg_fill = palette.selection();
    visuals.selection.stroke = Stroke::new(1.5, palette.accent);
    visuals.text_cursor.stroke = Stroke::new(1.5, palette.accent);
    visuals.handle_shape = HandleShape::Circle;
    visuals.slider_trailing_fill = false;
    visuals.indent_has_left_vline = false;
    visuals.striped = false;

    let rest = WidgetVisuals {
        bg_fill: palette.axis,
        weak_bg_fill: palette.raised,
        bg_stroke: Stroke::NONE,
        corner_radius: CornerRadius::same(Sizes::NORMAL.button_radius),
        fg_stroke: Stroke::new(1.0, palette.text),
        expansion: 0.0,
    };
    let widgets = &mut visuals.widgets;
    widgets.noninteractive = WidgetVisuals {
        bg_fill: palette.panel,
        weak_bg_fill: palette.panel,
        // Separators and the lines between resizable panels.
        bg_stroke: Stroke::new(1.0, palette.rule),
        ..rest
    };
    widgets.inactive = rest;
    widgets.hovered = WidgetVisuals { bg_fill: palette.muted, weak_bg_fill: palette.raised_hover, ..rest };
    // Pressed or holding the keyboard focus: the outline is always visible.
    widgets.active = WidgetVisuals { bg_stroke: Stroke::new(1.5, palette.accent), ..widgets.hovered };
    widgets.open = WidgetVisuals { weak_bg_fill: palette.raised_hover, ..rest };
    visuals
}
