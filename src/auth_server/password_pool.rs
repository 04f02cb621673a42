//! Where passwords are hashed: a few threads of low priority behind a bounded queue with four lanes.
//!
//! argon2id is meant to be slow, so whoever sends passwords sends work. Three things keep a flood of them from starving
//! anybody. Few threads hash, so memory and processor have a bound. They yield to every other thread, so calls that
//! need no hash hardly notice. And who has given no cause for suspicion goes first: a flood only waits for itself.

use super::accounts::{hash, hasher};
use crate::random::Random;
use argon2::password_hash::{Error, PasswordHash, PasswordVerifier as _};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use tokio::sync::oneshot;

/// How many passwords may wait in each lane; a full lane refuses. Whoever waits much longer than a hash takes would
/// rather know: where the machine is busy with other calls, a few hashes a second are done.
const WAITING: [usize; 4] = [32, 16, 8, 4];

/// Who goes before whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// This account was signed in to from this address lately.
    Known,
    /// It was asked to come back, and does.
    Patient,
    /// Nothing failed from this address lately.
    Unknown,
    /// Something failed from this address lately.
    Suspect,
}

/// There are too many passwords in this lane already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Busy;

/// A place in the queue. Dropping it gives the place back.
#[must_use]
pub(super) struct Place<'a> {
    queue: &'a Queue,
    lane: usize,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.queue.taken[self.lane].fetch_sub(1, Ordering::Relaxed);
    }
}

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
pub(super) struct Queue {
    /// How many places of each lane are taken. Counted apart, so that whoever is refused never waits for the lock.
    taken: [AtomicUsize; 4],
    waiting: Mutex<Waiting>,
    arrived: Condvar,
}

#[derive(Default)]
struct Waiting {
    lanes: [VecDeque<Job>; 4],
    ended: bool,
}

enum Job {
    Verify { password: String, stored_hash: Arc<str>, answer: oneshot::Sender<bool> },
    Hash { password: String, random: Random, answer: oneshot::Sender<Result<String, Error>> },
}

impl Job {
    /// Whether nobody waits for it any more.
    fn is_abandoned(&self) -> bool {
        match self {
            Job::Verify { answer, .. } => answer.is_closed(),
            Job::Hash { answer, .. } => answer.is_closed(),
        }
    }

    fn run(self) {
        // Whoever asked may have gone away; that is no fault.
        match self {
            Job::Verify { password, stored_hash, answer } => {
                let fits = PasswordHash::new(&stored_hash)
                    .is_ok_and(|hash| hasher().verify_password(password.as_bytes(), &hash).is_ok());
                let _ = answer.send(fits);
            }
            Job::Hash { password, random, answer } => {
                let _ = answer.send(hash(&password, &random));
            }
        }
    }
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
                if !job.is_abandoned() {
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
                    job.run();
                }
            })?;
        }
        Ok(pool)
    }

    /// Takes a place in the queue, before anything else is done for the caller.
    ///
    /// # Errors
    /// When the lane is full.
    pub(super) fn place(&self, lane: Lane) -> Result<Place<'_>, Busy> {
        let lane = lane as usize;
        let place = Place { queue: &self.0.0, lane };
        // Counted first: of many at once no more find room than there is.
        let before = self.0.0.taken[lane].fetch_add(1, Ordering::Relaxed);
        if before < WAITING[lane] { Ok(place) } else { Err(Busy) }
    }

    /// Whether the password is the one of the hash.
    ///
    /// # Errors
    /// When the threads have ended.
    pub(super) async fn verify(&self, place: Place<'_>, password: String, stored_hash: Arc<str>) -> Result<bool, Busy> {
        let (answer, answered) = oneshot::channel();
        self.wait(&place, Job::Verify { password, stored_hash, answer });
        answered.await.map_err(|_| Busy)
    }

    /// The hash of a new password, with a salt of its own.
    ///
    /// # Errors
    /// When the threads have ended, or within when hashing fails.
    pub(super) async fn hash(
        &self,
        place: Place<'_>,
        password: String,
        random: Random,
    ) -> Result<Result<String, Error>, Busy> {
        let (answer, answered) = oneshot::channel();
        self.wait(&place, Job::Hash { password, random, answer });
        answered.await.map_err(|_| Busy)
    }

    fn wait(&self, place: &Place<'_>, job: Job) {
        self.0.0.waiting().lanes[place.lane].push_back(job);
        self.0.0.arrived.notify_one();
    }
}

/// Lets every thread of normal priority go first. On Linux a thread has a niceness of its own; elsewhere it would be
/// the whole process's, so it is left alone there.
fn yield_to_others() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(15) {
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

    async fn verify(pool: &PasswordPool, lane: Lane, password: &str, hash: Arc<str>) -> Result<bool, Busy> {
        pool.verify(pool.place(lane)?, password.to_owned(), hash).await
    }

    #[tokio::test]
    async fn it_knows_a_right_password_from_a_wrong_one() {
        let pool = PasswordPool::start(1).unwrap();
        let hash = stored("right");
        assert_eq!(verify(&pool, Lane::Unknown, "right", hash.clone()).await, Ok(true));
        assert_eq!(verify(&pool, Lane::Unknown, "wrong", hash).await, Ok(false));
        assert_eq!(verify(&pool, Lane::Unknown, "x", "no hash".into()).await, Ok(false));
    }

    #[tokio::test]
    async fn a_full_lane_refuses_and_the_known_overtake_the_suspect() {
        let pool = PasswordPool::start(1).unwrap();
        let hash = stored("right");
        let finished = Arc::new(AtomicUsize::new(0));
        let mut suspects = Vec::new();
        for _ in 0..WAITING[Lane::Suspect as usize] + 8 {
            let (pool, hash, finished) = (pool.clone(), hash.clone(), finished.clone());
            suspects.push(tokio::spawn(async move {
                let outcome = verify(&pool, Lane::Suspect, "wrong", hash).await;
                finished.fetch_add(usize::from(outcome.is_ok()), Ordering::SeqCst);
                outcome
            }));
        }
        tokio::task::yield_now().await;
        assert_eq!(verify(&pool, Lane::Known, "right", hash).await, Ok(true));
        let before = finished.load(Ordering::SeqCst);
        assert!(before <= 2, "at most those that were being hashed already went first: {before}");
        let mut refused = 0;
        for suspect in suspects {
            refused += usize::from(suspect.await.unwrap() == Err(Busy));
        }
        assert_eq!(refused, 8);
    }

    #[tokio::test]
    async fn who_hangs_up_makes_room() {
        let pool = PasswordPool::start(0).unwrap();
        for _ in 0..100 {
            let waiting = verify(&pool, Lane::Known, "x", "x".into());
            assert!(tokio::time::timeout(std::time::Duration::ZERO, waiting).await.is_err(), "it waits");
        }
        let places: Vec<_> = (0..WAITING[0]).map(|_| pool.place(Lane::Known).ok()).collect();
        assert!(places.iter().all(Option::is_some));
        assert!(pool.place(Lane::Known).is_err());
        drop(places);
        assert!(pool.place(Lane::Known).is_ok());
    }
}
