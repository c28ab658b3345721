//! The program: the command line decides, the window or a picture follows where asked for.

use std::process::ExitCode;

use neuron_playground::cli::{self, Request};

fn main() -> ExitCode {
    match cli::request() {
        Request::Done(code) => code,
        #[cfg(feature = "gui")]
        Request::Window(opened) => neuron_playground::ui::window(opened.map(|b| *b)),
        #[cfg(feature = "gui")]
        Request::Render(render) => neuron_playground::ui::render(&render),
        #[cfg(not(feature = "gui"))]
        Request::Window(_) | Request::Render(_) => cli::Failure::Run("this build has no window; build it with the `gui` feature".into()).report(),
    }
}
