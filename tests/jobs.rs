//! Background work: the newest request wins, older work stops, failures are sentences.

use neuron_playground::app::jobs::{Desk, Runner, Slot};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// Counts wakes and lets a test wait for them.
#[derive(Default)]
struct Bell(Mutex<usize>, Condvar);

fn threads() -> (Runner, Arc<Bell>) {
    let bell = Arc::new(Bell::default());
    let ringer = bell.clone();
    let wake = move || {
        *ringer.0.lock().unwrap() += 1;
        ringer.1.notify_all();
    };
    (Runner::Threads(Arc::new(wake)), bell)
}

/// Polls until `done` or, after ten seconds, gives up.
fn wait<T: Send + 'static>(slot: &mut Slot<u32, T>, bell: &Bell, done: impl Fn(&Slot<u32, T>) -> bool) {
    let start = Instant::now();
    loop {
        slot.poll();
        if done(slot) {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(10), "nothing arrived");
        let rung = bell.0.lock().unwrap();
        drop(bell.1.wait_timeout(rung, Duration::from_millis(5)).unwrap());
    }
}

#[test]
fn inline_work_is_done_when_the_request_returns() {
    let mut slot = Slot::new("The sum", Runner::Inline);
    slot.request(7, |desk: &Desk<u32>| {
        desk.send(1);
        desk.send(2);
    });
    assert_eq!(slot.result(), Some(&2));
    assert!(slot.is_current() && !slot.is_working());
    assert!(!slot.wants(&7) && slot.wants(&8));
    slot.follow(8, |desk| desk.send(5));
    assert_eq!((slot.result(), slot.result_key(), slot.is_current()), (Some(&5), Some(&8), true));
}

#[test]
fn the_same_key_again_does_no_work() {
    let runs = Arc::new(AtomicUsize::new(0));
    let mut slot = Slot::new("The count", Runner::Inline);
    for _ in 0..3 {
        let runs = runs.clone();
        slot.request(1, move |desk| desk.send(runs.fetch_add(1, Ordering::SeqCst)));
    }
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[test]
fn a_newer_request_cancels_the_older_and_its_results_are_never_seen() {
    let (runner, bell) = threads();
    let mut slot = Slot::new("The race", runner);
    let stopped = Arc::new(AtomicUsize::new(0));
    for key in 0..50 {
        let stopped = stopped.clone();
        slot.request(key, move |desk| {
            while !desk.is_cancelled() {
                thread::yield_now();
            }
            stopped.fetch_add(1, Ordering::SeqCst);
            desk.send(key);
        });
    }
    slot.request(99, |desk| desk.send(99));
    assert!(!slot.is_current() && slot.is_working());
    wait(&mut slot, &bell, |s| !s.is_working());
    assert_eq!((slot.result(), slot.is_current()), (Some(&99), true));
    // Requests that were replaced before the worker came to them were never begun.
    assert!(stopped.load(Ordering::SeqCst) <= 50);
}

#[test]
fn one_slot_never_runs_two_jobs_at_once() {
    let (runner, bell) = threads();
    let mut slot = Slot::new("The queue", runner);
    let (alive, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    for key in 0..200 {
        let (alive, most) = (alive.clone(), most.clone());
        slot.request(key, move |desk| {
            most.fetch_max(alive.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            thread::yield_now();
            alive.fetch_sub(1, Ordering::SeqCst);
            desk.send(key);
        });
    }
    wait(&mut slot, &bell, |s| !s.is_working());
    assert_eq!((slot.result(), most.load(Ordering::SeqCst)), (Some(&199), 1));
}

#[test]
fn the_last_result_stays_and_says_that_it_is_old() {
    let (runner, bell) = threads();
    let mut slot = Slot::new("The memory", runner);
    slot.request(1, |desk| desk.send("first"));
    wait(&mut slot, &bell, |s| !s.is_working());
    let gate = Arc::new(AtomicBool::new(false));
    let opened = gate.clone();
    slot.request(2, move |desk| {
        while !opened.load(Ordering::SeqCst) {
            thread::yield_now();
        }
        desk.send("second");
    });
    slot.poll();
    assert_eq!((slot.result(), slot.is_current()), (Some(&"first"), false));
    gate.store(true, Ordering::SeqCst);
    wait(&mut slot, &bell, |s| !s.is_working());
    assert_eq!((slot.result(), slot.is_current()), (Some(&"second"), true));
}

#[test]
fn a_followed_slider_sees_the_first_result_of_older_work() {
    let (runner, bell) = threads();
    let mut slot = Slot::new("The drag", runner);
    let gate = Arc::new(AtomicBool::new(false));
    for key in 0..20_u32 {
        let opened = gate.clone();
        slot.follow(key, move |desk| {
            while !opened.load(Ordering::SeqCst) {
                thread::yield_now();
            }
            desk.send(key);
            while key == 0 && !desk.is_cancelled() {
                thread::yield_now();
            }
        });
    }
    gate.store(true, Ordering::SeqCst);
    wait(&mut slot, &bell, |s| s.result().is_some());
    wait(&mut slot, &bell, |s| !s.is_working());
    assert_eq!((slot.result(), slot.is_current()), (Some(&19), true));
}

#[test]
fn a_panic_is_reported_as_a_sentence_and_the_slot_lives_on() {
    for threaded in [false, true] {
        let (runner, bell) = threads();
        let mut slot = Slot::new("The f\u{2013}I curve", if threaded { runner } else { Runner::Inline });
        slot.request(1, |_: &Desk<u32>| panic!("no such state"));
        wait(&mut slot, &bell, |s| !s.is_working());
        assert_eq!(slot.failure(), Some("The f\u{2013}I curve could not be computed: no such state"));
        slot.request(2, |desk| desk.send(4));
        wait(&mut slot, &bell, |s| !s.is_working());
        assert_eq!((slot.failure(), slot.result()), (None, Some(&4)));
    }
}

#[test]
fn dropping_a_slot_stops_its_work() {
    let (runner, _) = threads();
    let ended = Arc::new(AtomicBool::new(false));
    let (told, begun) = (ended.clone(), Arc::new(AtomicBool::new(false)));
    let begins = begun.clone();
    let mut slot = Slot::new("The end", runner);
    slot.request(1, move |desk: &Desk<u32>| {
        begins.store(true, Ordering::SeqCst);
        while !desk.is_cancelled() {
            thread::yield_now();
        }
        told.store(true, Ordering::SeqCst);
    });
    let start = Instant::now();
    while !begun.load(Ordering::SeqCst) {
        assert!(start.elapsed() < Duration::from_secs(10));
        thread::yield_now();
    }
    drop(slot);
    while !ended.load(Ordering::SeqCst) {
        assert!(start.elapsed() < Duration::from_secs(10));
        thread::yield_now();
    }
}
