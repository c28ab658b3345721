//! Colours, sizes and fonts: the one place where the look is decided.
//!
//! Colour belongs to quantities (membrane potential, recovery, input, spikes,
//! cycles); everything else is one of three greys. Nothing relies on colour
//! alone: stability is also fill and dash, gates are named at the line's end.

use eframe::egui::{self, Color32, FontFamily, FontId, Stroke, Theme, Ui};

mod sizes;
mod style;

pub use sizes::{Line, STALE, Sizes};

/// Every colour of the window in one theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Window and plots; the ground on which everything stands.
    pub ground: Color32,
    /// Top bar, left column and status line.
    pub panel: Color32,
    /// Buttons and the play plate: boxes one can press.
    pub raised: Color32,
    /// A raised thing under the pointer.
    pub raised_hover: Color32,
    /// Grid lines: felt, not seen.
    pub grid: Color32,
    /// Hairlines between views and sections.
    pub rule: Color32,
    /// Axes, slider rails and leaders.
    pub axis: Color32,
    /// Arrows of the flow: background texture.
    pub flow: Color32,
    /// Words, values, stable equilibria and the moving state.
    pub text: Color32,
    /// Row names, slider handles and icons.
    pub soft: Color32,
    /// Section names, units, tick labels and live values.
    pub muted: Color32,
    /// "You changed this", keyboard focus and selection; nothing else.
    pub accent: Color32,
    /// Membrane potential: trace, nullcline, symbol.
    pub v: Color32,
    /// Recovery variables u, n, w. In the light theme, panel text of 17 points and up only.
    pub recovery: Color32,
    /// Input current: strip, slider, the draggable line.
    pub input: Color32,
    /// Text on a tag filled with [`Palette::input`].
    pub on_input: Color32,
    /// Spike, threshold, reset and separatrix: the separatrix *is* the threshold.
    pub spike: Color32,
    /// Cycles and firing; stable solid, unstable dotted.
    pub cycle: Color32,
    /// Unstable equilibria; always dashed or open as well.
    pub unstable: Color32,
    /// Inactivation gate h.
    pub gate_h: Color32,
    /// Activation gate m.
    pub gate_m: Color32,
}

const fn hex(code: &str) -> Color32 {
    const fn digit(c: u8) -> u8 {
        match c {
            b'0'..=b'9' => c - b'0',
            b'A'..=b'F' => c - b'A' + 10,
            _ => 0,
        }
    }
    if let [b'#', r1, r0, g1, g0, b1, b0] = *code.as_bytes() {
        Color32::from_rgb(16 * digit(r1) + digit(r0), 16 * digit(g1) + digit(g0), 16 * digit(b1) + digit(b0))
    } else {
        Color32::PLACEHOLDER
    }
}

impl Palette {
    /// The palette of the dark theme.
    #[must_use]
    pub const fn dark() -> Self {
        Self {
            ground: hex("#12151A"),
            panel: hex("#181C22"),
            raised: hex("#222831"),
            raised_hover: hex("#2B323D"),
            grid: hex("#20252D"),
            rule: hex("#2A303A"),
            axis: hex("#4A5361"),
            flow: hex("#3A4350"),
            text: hex("#E7EAEE"),
            soft: hex("#B9C0CA"),
            muted: hex("#8D97A5"),
            accent: hex("#B7A6FF"),
            v: hex("#5BB8F0"),
            recovery: hex("#F2B43A"),
            input: hex("#3CC79C"),
            on_input: hex("#12151A"),
            spike: hex("#E48CBB"),
            cycle: hex("#EC6144"),
            unstable: hex("#9BA5B3"),
            gate_h: hex("#B9A2F5"),
            gate_m: hex("#A7B0BC"),
        }
    }

    /// The palette of the light theme.
    #[must_use]
    pub const fn light() -> Self {
        Self {
            ground: hex("#FCFCFA"),
            panel: hex("#F4F4F0"),
            raised: hex("#E9E9E3"),
            raised_hover: hex("#DFDFD8"),
            grid: hex("#EDEDE8"),
            rule: hex("#DCDCD5"),
            axis: hex("#A3A49E"),
            flow: hex("#CFD2D3"),
            text: hex("#1C1F24"),
            soft: hex("#3E444D"),
            muted: hex("#5C636D"),
            accent: hex("#5B3FC4"),
            v: hex("#0A6BB0"),
            recovery: hex("#A36508"),
            input: hex("#00795A"),
            on_input: Color32::WHITE,
            spike: hex("#B03A7C"),
            cycle: hex("#A02A2A"),
            unstable: hex("#676F7A"),
            gate_h: hex("#7B52C9"),
            gate_m: hex("#5A626D"),
        }
    }

    /// The palette of a theme.
    #[must_use]
    pub const fn of_theme(theme: Theme) -> Self {
        match theme {
            Theme::Dark => Self::dark(),
            Theme::Light => Self::light(),
        }
    }

    /// The palette in use; a `&Ui` serves as well as a `&Context`.
    #[must_use]
    pub fn of(ctx: &egui::Context) -> Self {
        Self::of_theme(ctx.theme())
    }

    /// Fill of a stretch in which rest and firing are both stable.
    #[must_use]
    pub fn both_stable(&self) -> Color32 {
        self.cycle.gamma_multiply(0.07)
    }

    /// Fill behind selected text and the highlighted symbol of an equation.
    #[must_use]
    pub fn selection(&self) -> Color32 {
        self.accent.gamma_multiply(0.3)
    }
}

const MATH_ITALIC: &str = "math-italic";
const MATH_REGULAR: &str = "math-regular";

/// The interface face at a size.
#[must_use]
pub fn sans(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// The face of mathematical letters.
#[must_use]
pub fn math_italic(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(MATH_ITALIC.into()))
}

/// The face of digits, operators and upright words in mathematics.
#[must_use]
pub fn math_regular(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(MATH_REGULAR.into()))
}

/// Installs the fonts and the styles of both themes. Call once, at the start.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(style::fonts());
    ctx.set_style_of(Theme::Dark, style::style(Theme::Dark));
    ctx.set_style_of(Theme::Light, style::style(Theme::Light));
}

/// Prepares a child `Ui` for one `Slider` whose handle wears `handle`: 12
/// points across, without egui's rail, which the caller paints underneath.
pub fn slider_handle(ui: &mut Ui, handle: Color32) {
    let spacing = ui.spacing_mut();
    spacing.interact_size.y = 15.0;
    // egui fills the rail with the colour of the resting handle.
    spacing.slider_rail_height = 0.0;
    let widgets = &mut ui.visuals_mut().widgets;
    for state in [&mut widgets.inactive, &mut widgets.hovered, &mut widgets.active] {
        state.bg_fill = handle;
        state.fg_stroke = Stroke::NONE;
        state.expansion = 0.0;
    }
}
