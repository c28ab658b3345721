//! The models, one file each. The top of each file is a short paper: what the model is, its equations as
//! printed, units, where every default comes from, where we depart from the source, what to look at first.

pub mod adaptive_lif;
pub mod adex;
pub mod fitzhugh_nagumo;
pub mod fitzhugh_nagumo_classic;
pub mod hodgkin_huxley;
pub mod integrate_and_fire;
pub mod izhikevich;
pub mod izhikevich_2007;
pub mod izhikevich_2007_fs;
pub mod izhikevich_2007_lts;
pub mod izhikevich_2007_rtn;
pub mod izhikevich_2007_tc;
pub mod lif;
pub mod lif_escape;
pub mod markov;
pub mod persistent_sodium;
pub mod persistent_sodium_potassium;
pub mod poisson;
pub mod rate_unit;
pub mod traub_miles;

use super::{Field, Kind};

/// The row of the holding current `I`; models differ only in unit, shown range and step.
pub(crate) const fn current(unit: &'static str, shown: (f64, f64)) -> Field {
    Field {
        id: "I",
        symbol: "I",
        unit,
        default: 0.0,
        min: -1e5,
        max: 1e5,
        shown,
        kind: Kind::Input,
        choices: &[],
        is_count: false,
        meaning: "Constant injected current; the stimulus is added to it",
    }
}
