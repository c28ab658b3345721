//! Work beside the frame: one [`Slot`] per analysis, in which the newest request wins.
//!
//! A slot owns at most one worker thread, started at the first request and reused. A newer request cancels the
//! work under way (it polls [`Desk::is_cancelled`]), drops its channel, and replaces whatever waited, so neither
//! threads nor stale results can pile up. The last result stays readable until a newer one arrives. Where work
//! runs is the [`Runner`]'s choice: on threads in the window; inline, and so without any clock or race, in tests,
//! pictures and on the command line.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread;

use thread_priority::{ThreadPriority, set_current_thread_priority};

/// Called from a worker whenever something can be polled, so that an idle window draws again.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Where work runs.
#[derive(Clone, Default)]
pub enum Runner {
    /// Within the request itself: deterministic, and complete when the request returns.
    #[default]
    Inline,
    /// On one worker thread per slot, which calls this when something has arrived.
    Threads(Wake),
}

/// Where work hands in results and hears that it is no longer wanted.
pub struct Desk<T> {
    cancelled: Arc<AtomicBool>,
    results: Sender<Note<T>>,
    wake: Option<Wake>,
}

/// What comes back from work.
enum Note<T> {
    Result(T),
    Done,
    Failed(String),
}

impl<T> Desk<T> {
    /// True once nobody waits for the results: return soon.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// The flag behind [`Desk::is_cancelled`], for work that itself uses several threads.
    #[must_use]
    pub fn flag(&self) -> &AtomicBool {
        &self.cancelled
    }

    /// Hands in a result: the whole, or what is known so far. Each replaces the one before.
    pub fn send(&self, result: T) {
        self.post(Note::Result(result));
    }

    fn post(&self, note: Note<T>) {
        // Nobody listens to cancelled work, and that is as it should be.
        if !self.is_cancelled() && self.results.send(note).is_ok() {
            self.wake.iter().for_each(|wake| wake());
        }
    }
}

type Work<T> = Box<dyn FnOnce(&Desk<T>) + Send>;
type Job = Box<dyn FnOnce() + Send>;

/// Work under way.
struct Flight<K, T> {
    key: K,
    cancelled: Arc<AtomicBool>,
    results: Receiver<Note<T>>,
    /// It has handed in something.
    has_answered: bool,
}

/// One analysis: its last result, the work under way, and the newest request.
pub struct Slot<K, T> {
    name: &'static str,
    runner: Runner,
    worker: Option<Sender<Job>>,
    flight: Option<Flight<K, T>>,
    waiting: Option<(K, Work<T>)>,
    /// What was asked for last.
    key: Option<K>,
    result: Option<(K, T)>,
    failure: Option<String>,
}

impl<K: PartialEq + Clone, T: Send + 'static> Slot<K, T> {
    /// An empty slot. `name` begins the sentence that reports a failure, as in "The f–I curve".
    #[must_use]
    pub fn new(name: &'static str, runner: Runner) -> Self {
        Self { name, runner, worker: None, flight: None, waiting: None, key: None, result: None, failure: None }
    }

    /// True if `key` is not what was asked for last: only then need the work be prepared.
    #[must_use]
    pub fn wants(&self, key: &K) -> bool {
        self.key.as_ref() != Some(key)
    }

    /// Asks for the result of `work`, which belongs to `key`. Work for another key is cancelled at once; the same
    /// key again changes nothing.
    pub fn request(&mut self, key: K, work: impl FnOnce(&Desk<T>) + Send + 'static) {
        if self.wants(&key) {
            self.key = Some(key.clone());
            self.failure = None;
            self.waiting = None;
            self.launch(key, Box::new(work));
        }
    }

    /// As [`Slot::request`], for keys that change in every frame while a slider is dragged: work under way may
    /// still hand in its first result, so that something follows the hand however long that takes. Of the
    /// requests that come meanwhile only the newest is kept.
    pub fn follow(&mut self, key: K, work: impl FnOnce(&Desk<T>) + Send + 'static) {
        if !self.wants(&key) {
            return;
        }
        self.poll();
        if self.flight.as_ref().is_none_or(|flight| flight.has_answered) {
            self.request(key, work);
        } else {
            self.key = Some(key.clone());
            self.failure = None;
            self.waiting = Some((key, Box::new(work)));
        }
    }

    /// Gives up whatever is under way or waits; the last result stays.
    pub fn cancel(&mut self) {
        self.waiting = None;
        self.key = None;
        self.ground();
    }

    /// Gives up what is under way because nobody looks; what was asked for last is then asked for again. Nothing changes where
    /// all is done.
    pub fn rest(&mut self) {
        if self.is_working() {
            self.cancel();
        }
    }

    /// Takes in what has arrived; true if the result or the failure changed.
    pub fn poll(&mut self) -> bool {
        let mut changed = false;
        while let Some(flight) = &mut self.flight {
            match flight.results.try_recv() {
                Ok(Note::Result(result)) => {
                    flight.has_answered = true;
                    self.result = Some((flight.key.clone(), result));
                    changed = true;
                }
                Ok(Note::Failed(why)) => {
                    self.failure = Some(format!("{} could not be computed: {why}", self.name));
                    self.flight = None;
                    changed = true;
                }
                Ok(Note::Done) | Err(TryRecvError::Disconnected) => self.flight = None,
                Err(TryRecvError::Empty) => break,
            }
        }
        if self.flight.as_ref().is_none_or(|flight| flight.has_answered)
            && let Some((key, work)) = self.waiting.take()
        {
            self.failure = None;
            self.launch(key, work);
            changed |= matches!(self.runner, Runner::Inline);
        }
        changed
    }

    /// The last result, whichever key it belongs to.
    #[must_use]
    pub fn result(&self) -> Option<&T> {
        self.result.as_ref().map(|(_, result)| result)
    }

    /// The key of the last result.
    #[must_use]
    pub fn result_key(&self) -> Option<&K> {
        self.result.as_ref().map(|(key, _)| key)
    }

    /// True if the last result belongs to what was asked for last; otherwise show it faded.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.key.is_some() && self.result_key() == self.key.as_ref()
    }

    /// True while finer or newer results may come.
    #[must_use]
    pub fn is_working(&self) -> bool {
        self.flight.is_some() || self.waiting.is_some()
    }

    /// True if what is shown is not what was asked for last, and nothing is being done about it.
    #[must_use]
    pub fn is_unasked(&self) -> bool {
        !self.is_current() && !self.is_working() && self.failure.is_none()
    }

    /// Why the newest request has no result: a sentence.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// Cancels the work under way and drops its channel.
    fn ground(&mut self) {
        if let Some(flight) = self.flight.take() {
            flight.cancelled.store(true, Ordering::Relaxed);
        }
    }

    fn launch(&mut self, key: K, work: Work<T>) {
        self.ground();
        let cancelled = Arc::new(AtomicBool::new(false));
        let (sender, results) = channel();
        let wake = if let Runner::Threads(wake) = &self.runner { Some(wake.clone()) } else { None };
        let on_thread = wake.is_some();
        let desk = Desk { cancelled: cancelled.clone(), results: sender, wake };
        self.flight = Some(Flight { key, cancelled, results, has_answered: false });
        let job: Job = Box::new(move || perform(&desk, work));
        if !on_thread {
            job();
            self.poll();
        } else if !self.hand_over(job) {
            self.flight = None;
            self.failure = Some(format!("{} could not be computed: no thread can be started", self.name));
        }
    }

    /// Gives a job to the worker, which is started if there is none.
    fn hand_over(&mut self, job: Job) -> bool {
        let job = match &self.worker {
            Some(worker) => match worker.send(job) {
                Ok(()) => return true,
                Err(returned) => returned.0,
            },
            None => job,
        };
        let (worker, jobs) = channel::<Job>();
        let started = thread::Builder::new().name(self.name.into()).spawn(move || work_off(&jobs)).is_ok();
        let accepted = started && worker.send(job).is_ok();
        self.worker = accepted.then_some(worker);
        accepted
    }
}

impl<K: PartialEq + Clone, T: Send + 'static> Default for Slot<K, T> {
    /// An empty slot whose work runs inline.
    fn default() -> Self {
        Self::new("The analysis", Runner::Inline)
    }
}

impl<K, T> Drop for Slot<K, T> {
    fn drop(&mut self) {
        if let Some(flight) = &self.flight {
            flight.cancelled.store(true, Ordering::Relaxed);
        }
    }
}

/// Lets the frame's thread go first where cores are few. Elsewhere a priority would be that of the whole process; without it, all is as true.
fn give_way() {
    if cfg!(any(target_os = "linux", windows)) {
        drop(set_current_thread_priority(ThreadPriority::Min));
    }
}

/// A worker's life: always the newest job, until the slot is gone.
fn work_off(jobs: &Receiver<Job>) {
    give_way();
    while let Ok(mut job) = jobs.recv() {
        while let Ok(newer) = jobs.try_recv() {
            job = newer;
        }
        job();
    }
}

/// Does the work and says how it ended.
fn perform<T>(desk: &Desk<T>, work: Work<T>) {
    if desk.is_cancelled() {
        return;
    }
    match catch_unwind(AssertUnwindSafe(|| work(desk))) {
        Ok(()) => desk.post(Note::Done),
        Err(payload) => desk.post(Note::Failed(words(&*payload))),
    }
}

/// What a panic said.
fn words(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("it ended without a word").lines().next().unwrap_or_default().to_string()
}
