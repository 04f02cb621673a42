//! Where passwords are hashed: a few threads of low priority behind a bounded queue with three lanes.
//!
//! argon2id is meant to be slow, so whoever sends passwords sends work. Three things keep a flood of them from starving
//! anybody. Few threads hash, so memory and processor have a bound. They yield to every other thread, so calls that
//! need no hash hardly notice. And who has given no cause for suspicion goes first: a flood only waits for itself.

use argon2::password_hash::{PasswordHash, PasswordVerifier as _};
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use tokio::sync::oneshot;

/// How many passwords may wait in each lane; a full lane refuses.
const WAITING: [usize; 3] = [64, 64, 16];

/// Who goes before whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// This account was signed in to from this address lately.
    Known,
    /// Nothing failed from this address lately.
    Unknown,
    /// Something failed from this address lately.
    Suspect,
}

/// There are too many passwords in this lane already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Busy;

/// The threads and their queue. Clones share them; the threads end with the last clone.
#[derive(Clone)]
pub(super) struct PasswordPool(Arc<Owner>);

struct Owner(Arc<Queue>);

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.waiting().ended = true;
        self.0.arrived.notify_all();
    }
}

#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
}

#[derive(Default)]
struct Waiting {
    lanes: [VecDeque<Job>; 3],
    ended: bool,
}

struct Job {
    password: String,
    stored_hash: Arc<str>,
    answer: oneshot::Sender<bool>,
}

impl Queue {
    fn waiting(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job whose asker still waits for it; `None` when there will be none any more.
    fn next(&self) -> Option<Job> {
        let mut waiting = self.waiting();
        loop {
            while let Some(job) = waiting.lanes.iter_mut().find_map(VecDeque::pop_front) {
                if !job.answer.is_closed() {
                    return Some(job);
                }
            }
            if waiting.ended {
                return None;
            }
            waiting = self.arrived.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl PasswordPool {
    /// Starts so many threads.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(threads: usize) -> std::io::Result<Self> {
        let queue = Arc::new(Queue::default());
        let pool = Self(Arc::new(Owner(queue.clone())));
        for _ in 0..threads {
            let queue = queue.clone();
            std::thread::Builder::new().name("password".to_owned()).spawn(move || {
                yield_to_others();
                while let Some(job) = queue.next() {
                    let fits = PasswordHash::new(&job.stored_hash).is_ok_and(|hash| {
                        super::accounts::hasher().verify_password(job.password.as_bytes(), &hash).is_ok()
                    });
                    // Whoever asked may have gone away; that is no fault.
                    let _ = job.answer.send(fits);
                }
            })?;
        }
        Ok(pool)
    }

    /// Whether the password is the one of the hash.
    ///
    /// # Errors
    /// When too many wait in this lane.
    pub(super) async fn verify(&self, lane: Lane, password: String, stored_hash: Arc<str>) -> Result<bool, Busy> {
        let (answer, answered) = oneshot::channel();
        {
            let mut waiting = self.0.0.waiting();
            let place = lane as usize;
            if waiting.lanes[place].len() >= WAITING[place] {
                // Those who have hung up make room.
                waiting.lanes[place].retain(|job| !job.answer.is_closed());
            }
            if waiting.lanes[place].len() >= WAITING[place] {
                return Err(Busy);
            }
            waiting.lanes[place].push_back(Job { password, stored_hash, answer });
        }
        self.0.0.arrived.notify_one();
        answered.await.map_err(|_| Busy)
    }
}

/// Lets every thread of normal priority go first. On Linux a thread has a niceness of its own; elsewhere it would be
/// the whole process's, so it is left alone there.
fn yield_to_others() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(10) {
        tracing::warn!(%error, "password threads run at normal priority");
    }
}

#[cfg(test)]
mod tests {
    use super::super::accounts::hash;
    use super::{Busy, Lane, PasswordPool, WAITING};
    use crate::random::Random;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn stored(password: &str) -> Arc<str> {
        hash(password, &Random::system()).unwrap().into()
    }

    #[tokio::test]
    async fn it_knows_a_right_password_from_a_wrong_one() {
        let pool = PasswordPool::start(1).unwrap();
        let hash = stored("right");
        assert_eq!(pool.verify(Lane::Unknown, "right".into(), hash.clone()).await, Ok(true));
        assert_eq!(pool.verify(Lane::Unknown, "wrong".into(), hash).await, Ok(false));
        assert_eq!(pool.verify(Lane::Unknown, "x".into(), "no hash".into()).await, Ok(false));
    }

    #[tokio::test]
    async fn a_full_lane_refuses_and_the_known_overtake_the_suspect() {
        let pool = PasswordPool::start(1).unwrap();
        let hash = stored("right");
        let finished = Arc::new(AtomicUsize::new(0));
        let mut suspects = Vec::new();
        let mut refused = 0;
        for _ in 0..WAITING[Lane::Suspect as usize] + 8 {
            let (pool, hash, finished) = (pool.clone(), hash.clone(), finished.clone());
            suspects.push(tokio::spawn(async move {
                let outcome = pool.verify(Lane::Suspect, "wrong".into(), hash).await;
                finished.fetch_add(usize::from(outcome.is_ok()), Ordering::SeqCst);
                outcome
            }));
            tokio::task::yield_now().await;
        }
        assert_eq!(pool.verify(Lane::Known, "right".into(), hash).await, Ok(true));
        let before = finished.load(Ordering::SeqCst);
        assert!(before <= 4, "at most those that were being hashed already went first: {before}");
        for suspect in suspects {
            refused += usize::from(suspect.await.unwrap() == Err(Busy));
        }
        assert!(refused >= 7, "{refused}");
    }

    #[tokio::test]
    async fn who_hangs_up_makes_room() {
        let pool = PasswordPool::start(0).unwrap();
        for _ in 0..WAITING[0] {
            let waiting = pool.verify(Lane::Known, "x".into(), "x".into());
            assert!(tokio::time::timeout(std::time::Duration::ZERO, waiting).await.is_err());
        }
        let waiting = pool.verify(Lane::Known, "x".into(), "x".into());
        assert!(tokio::time::timeout(std::time::Duration::ZERO, waiting).await.is_err(), "it waits and is not refused");
    }
}
