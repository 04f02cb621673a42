//! The measurement itself.

use super::tally::Tally;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The most rounds that a person may ask for.
pub const MAX_ROUNDS: u32 = 200;

/// A measurement, under way or done.
#[derive(Debug, Clone, Copy)]
pub struct Measurement {
    /// How many rounds were asked for.
    pub rounds: RwSignal<u32>,
    /// How many are done, while it is under way.
    pub done: RwSignal<Option<u32>>,
    /// Whether it was asked to end early.
    pub stopping: RwSignal<bool>,
    /// What came of the last one.
    pub tallies: RwSignal<Vec<Tally>>,
}

impl Measurement {
    /// Nothing measured yet.
    pub fn new() -> Self {
        Measurement {
            rounds: RwSignal::new(20),
            done: RwSignal::new(None),
            stopping: RwSignal::new(false),
            tallies: RwSignal::new(Vec::new()),
        }
    }

    /// Measures each contender once in each round, so that a slow moment of the machine hits all alike.
    pub fn start(self, access_token: Option<String>) {
        if self.done.get_untracked().is_some() {
            return;
        }
        self.done.set(Some(0));
        self.stopping.set(false);
        spawn_local(async move {
            let tallies = calls::all_rounds(self, access_token).await;
            self.tallies.try_set(tallies);
            self.done.try_set(None);
        });
    }

    /// Ends it after the round that is under way.
    pub fn stop(self) {
        self.stopping.set(true);
    }
}

impl Default for Measurement {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(not(feature = "hydrate"))]
mod calls {
    use super::{Measurement, Tally};

    /// On the server nothing is measured.
    pub(super) async fn all_rounds(_: Measurement, _: Option<String>) -> Vec<Tally> {
        Vec::new()
    }
}

#[cfg(feature = "hydrate")]
mod calls {
    use super::super::contender::Contender;
    use super::super::tally::{Obstacle, Sample, Tally};
    use super::Measurement;
    use crate::ui::client::{Answered, basic_header, call as exchange};
    use crate::ui::components::people::DEMO_ACCOUNTS;
    use crate::wire::problem::Problem;
    use crate::wire::sign_in::SignedIn;
    use crate::wire::trace;
    use leptos::prelude::*;

    /// Header fields of the answer that are there only because the server was asked to explain itself.
    const EXPLANATION: [&str; 3] = [trace::HEADER, "server-timing", "preference-applied"];

    pub(super) async fn all_rounds(measurement: Measurement, access_token: Option<String>) -> Vec<Tally> {
        let (bob, password, _) = DEMO_ACCOUNTS[1];
        let jwt = sign_in(bob, password).await.map(|token| format!("Bearer {token}"));
        let mut contenders = Contender::ALL.map(|contender| {
            let mut tally = Tally::new(contender);
            let authorization = match contender {
                Contender::Open => None,
                Contender::Basic => Some(basic_header(bob, password)),
                Contender::Jwt | Contender::JwtRevocable => match &jwt {
                    Ok(header) => Some(header.clone()),
                    Err(problem) => {
                        tally.obstacle = Some(Obstacle::Refused(problem.clone()));
                        None
                    }
                },
                Contender::Oauth => {
                    tally.obstacle = access_token.is_none().then_some(Obstacle::NoKey);
                    access_token.as_ref().map(|token| format!("Bearer {token}"))
                }
            };
            (tally, authorization)
        });
        for round in 1..=measurement.rounds.get_untracked() {
            // Each round begins with another one, so that none is always the one that wakes the server up.
            contenders.rotate_left(1);
            for (tally, authorization) in &mut contenders {
                if tally.obstacle.is_none()
                    && let Err(problem) = call(tally, authorization.as_deref()).await
                {
                    tally.obstacle = Some(Obstacle::Refused(problem));
                }
            }
            measurement.done.try_set(Some(round));
            // Where the page was left there is no signal any more.
            if measurement.stopping.try_get_untracked() != Some(false) {
                break;
            }
        }
        let mut tallies: Vec<Tally> = contenders.into_iter().map(|(tally, _)| tally).collect();
        tallies.sort_by_key(|tally| tally.contender as u8);
        tallies
    }

    async fn call(tally: &mut Tally, authorization: Option<&str>) -> Result<(), Problem> {
        let path = tally.contender.path();
        let headers: Vec<_> = authorization.map(|value| ("Authorization", value)).into_iter().collect();
        tally.request = "GET  HTTP/1.1\r\n".len() + path.len();
        tally.request += authorization.map_or(0, |value| "Authorization: \r\n".len() + value.len());
        let answered = exchange("GET", path, &headers, None).await?;
        if answered.status != 200 {
            return Err(answered.problem());
        }
        let told = answered.answer.headers.iter().filter(|(name, _)| !EXPLANATION.contains(&name.as_str()));
        tally.answer_head = told.map(|(name, value)| name.len() + value.len() + ": \r\n".len()).sum();
        tally.answer_body = answered.answer.body.len();
        let latency = answered.milliseconds * 1e3;
        tally.add(Sample { latency, guard: guard_time(&answered), checks: checks(&answered) });
        Ok(())
    }

    async fn sign_in(username: &str, password: &str) -> Result<String, Problem> {
        let body = serde_json::json!({ "username": username, "password": password }).to_string();
        let headers = [("Content-Type", "application/json")];
        let answer = exchange("POST", "/api/jwt/sign_in", &headers, Some(&body)).await?;
        match serde_json::from_str::<SignedIn>(&answer.answer.body) {
            Ok(signed_in) if answer.status == 200 => Ok(signed_in.access_token),
            _ => Err(answer.problem()),
        }
    }

    /// The guard's own time in microseconds (`Server-Timing: guard;dur=`, in milliseconds).
    fn guard_time(answered: &Answered) -> Option<f64> {
        let timing = answered.answer.header("server-timing")?;
        let (_, duration) = timing.split_once("guard;dur=")?;
        let end = duration.find([',', ';', ' ']).unwrap_or(duration.len());
        duration[..end].parse::<f64>().ok().map(|milliseconds| milliseconds * 1e3)
    }

    fn checks(answered: &Answered) -> Option<Vec<trace::CheckTrace>> {
        trace::parse(answered.answer.header(trace::HEADER)?)
    }
}
