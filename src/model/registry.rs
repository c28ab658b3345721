//! Every model, one line each. No other place may name a model by its id.

use super::Dynamics;
use super::erased::Erased;
use super::zoo;

static MODELS: [&dyn Dynamics; 20] = [
    &Erased::<zoo::izhikevich::Izhikevich>::NEW,
    &Erased::<zoo::hodgkin_huxley::HodgkinHuxley>::NEW,
    &Erased::<zoo::lif::Lif>::NEW,
    &Erased::<zoo::adaptive_lif::AdaptiveLif>::NEW,
    &Erased::<zoo::integrate_and_fire::IntegrateAndFire>::NEW,
    &Erased::<zoo::adex::AdEx>::NEW,
    &Erased::<zoo::izhikevich_2007::Izhikevich2007>::NEW,
    &Erased::<zoo::izhikevich_2007_fs::Izhikevich2007Fs>::NEW,
    &Erased::<zoo::izhikevich_2007_lts::Izhikevich2007Lts>::NEW,
    &Erased::<zoo::izhikevich_2007_tc::Izhikevich2007Tc>::NEW,
    &Erased::<zoo::izhikevich_2007_rtn::Izhikevich2007Rtn>::NEW,
    &Erased::<zoo::fitzhugh_nagumo::FitzHughNagumo>::NEW,
    &Erased::<zoo::fitzhugh_nagumo_classic::FitzHughNagumoClassic>::NEW,
    &Erased::<zoo::persistent_sodium::PersistentSodium>::NEW,
    &Erased::<zoo::persistent_sodium_potassium::PersistentSodiumPotassium>::NEW,
    &Erased::<zoo::traub_miles::TraubMiles>::NEW,
    &Erased::<zoo::lif_escape::LifEscape>::NEW,
    &Erased::<zoo::poisson::Poisson>::NEW,
    &Erased::<zoo::markov::Markov>::NEW,
    &Erased::<zoo::rate_unit::RateUnit>::NEW,
];

/// Every model, in the order menus show them.
#[must_use]
pub fn all() -> &'static [&'static dyn Dynamics] {
    &MODELS
}

/// The model with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static dyn Dynamics> {
    MODELS.iter().copied().find(|m| m.card().id == id)
}
