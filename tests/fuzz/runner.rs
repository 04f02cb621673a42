//! Runs one property on generated inputs for as long as `THREE_KEYS_FUZZ_SECONDS` says, one second by default.
//!
//! Inputs come in batches, and a batch follows from its seed alone. A failure prints its batch's seed and the smallest
//! input found that still fails; `THREE_KEYS_FUZZ_SEED` begins with that very batch. A panic is a failure, and so is an
//! input that takes longer than [`PATIENCE`], after which the process ends: what hangs cannot be asked to stop.

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long one input may take. Other work shares the machine, so it is generous; what hangs takes longer.
pub const PATIENCE: Duration = Duration::from_secs(15);

const BATCH: u32 = 64;

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} must be a whole number, not {text:?}")))
}

/// Runs the property until the time is over, and panics at the first input that breaks it.
pub fn fuzz<S: Strategy>(target: &str, inputs: &S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let seconds = number("THREE_KEYS_FUZZ_SECONDS");
    // Without a wish for time or seed, a test does the same today and tomorrow.
    let first = number("THREE_KEYS_FUZZ_SEED")
        .unwrap_or_else(|| if seconds.is_some() { RandomState::new().build_hasher().finish() } else { 1 });
    let time = Duration::from_secs(seconds.unwrap_or(1));

    let (begin, under_way, seed) = (Instant::now(), AtomicU64::new(u64::MAX), AtomicU64::new(first));
    let milliseconds = || u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (slowest, inputs_tried) = (AtomicU64::new(0), AtomicU64::new(0));
    let (finished, wait) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let wait = wait;
            while wait.recv_timeout(Duration::from_millis(200)) == Err(RecvTimeoutError::Timeout) {
                let since = under_way.load(Ordering::Relaxed);
                if since != u64::MAX && milliseconds().saturating_sub(since) > 2 * PATIENCE.as_millis() as u64 {
                    let seed = seed.load(Ordering::Relaxed);
                    eprintln!("{target}: an input hangs; repeat it with THREE_KEYS_FUZZ_SEED={seed}");
                    std::process::abort();
                }
            }
        });
        // The sender goes with this block, also when the property panics; then the watch ends too.
        let _finished = finished;
        while begin.elapsed() < time {
            let now = seed.load(Ordering::Relaxed);
            let outcome = runner(now).run(inputs, |input| {
                let started = milliseconds();
                under_way.store(started, Ordering::Relaxed);
                let outcome = property(input);
                under_way.store(u64::MAX, Ordering::Relaxed);
                let took = milliseconds() - started;
                slowest.fetch_max(took, Ordering::Relaxed);
                inputs_tried.fetch_add(1, Ordering::Relaxed);
                if took > PATIENCE.as_millis() as u64 {
                    return Err(TestCaseError::fail(format!("it took {took} ms")));
                }
                outcome
            });
            if let Err(error) = outcome {
                panic!("{target}: {error}\nrepeat it with THREE_KEYS_FUZZ_SEED={now}");
            }
            seed.store(now.wrapping_add(1), Ordering::Relaxed);
        }
    });
    println!(
        "{target}: {} inputs in {} s from seed {first}, the slowest took {} ms",
        inputs_tried.load(Ordering::Relaxed),
        begin.elapsed().as_secs(),
        slowest.load(Ordering::Relaxed)
    );
}

fn runner(seed: u64) -> TestRunner {
    let config = Config {
        cases: BATCH,
        failure_persistence: None,
        max_shrink_iters: 4096,
        max_shrink_time: 60_000,
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}
