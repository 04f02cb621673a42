//! Good callers: who has a token and reads pages with it, as fast as it goes or at a steady pace.

use crate::connection::{Connection, FORM, get, post};
use crate::report::quantile;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior};

/// Where good callers come from.
pub const HERE: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// What good callers met.
#[derive(Debug, Default)]
pub struct Served {
    pub took: Vec<Duration>,
    pub failed: usize,
    pub reconnected: usize,
    pub time: Duration,
}

impl Served {
    pub fn per_second(&self) -> f64 {
        self.took.len() as f64 / self.time.as_secs_f64().max(1e-9)
    }

    fn add(&mut self, other: Served) {
        self.took.extend(other.took);
        self.failed += other.failed;
        self.reconnected += other.reconnected;
    }

    pub fn p99(&mut self) -> Duration {
        self.took.sort_unstable();
        quantile(&self.took, 0.99)
    }
}

pub fn basic(username: &str, password: &str) -> String {
    format!("authorization: Basic {}\r\n", STANDARD.encode(format!("{username}:{password}")))
}

/// The request that good callers send: the pages, with an access token.
pub async fn request(to: SocketAddr) -> Vec<u8> {
    let credentials = basic("backend", "backend-secret-7f1b9c2e");
    let ask = post(to, "/oauth/token", &credentials, FORM, "grant_type=client_credentials&scope=pages:read");
    let answer = Connection::open(HERE, to).await.unwrap().call(&ask).await.unwrap();
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let token: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let token = token["access_token"].as_str().unwrap();
    get(to, "/api/oauth/pages", &format!("authorization: Bearer {token}\r\n"))
}

/// Calls on so many connections at once, each as soon as it has the answer before.
pub async fn as_fast_as_it_goes(to: SocketAddr, request: &[u8], connections: usize, time: Duration) -> Served {
    let (begin, end) = (Instant::now(), Instant::now() + time);
    let callers: Vec<_> = (0..connections)
        .map(|_| {
            let request = request.to_vec();
            tokio::spawn(async move {
                let (mut served, mut connection) = (Served::default(), None);
                while Instant::now() < end {
                    one(to, &request, &mut connection, Instant::now(), &mut served).await;
                }
                served
            })
        })
        .collect();
    let mut served = Served::default();
    for caller in callers {
        served.add(caller.await.unwrap());
    }
    served.time = begin.elapsed();
    served
}

/// Calls at a steady pace until it is told to stop. Time counts from when a call was due, so that a server that stands
/// still for a second is seen to have done so.
pub async fn steadily(
    to: SocketAddr,
    request: Vec<u8>,
    pace: Duration,
    mut stop: tokio::sync::oneshot::Receiver<()>,
) -> Served {
    let begin = Instant::now();
    let (mut served, mut connection) = (Served::default(), None);
    let mut ticks = tokio::time::interval(pace);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    while stop.try_recv().is_err() {
        let due = ticks.tick().await;
        one(to, &request, &mut connection, due, &mut served).await;
    }
    served.time = begin.elapsed();
    served
}

async fn one(to: SocketAddr, request: &[u8], kept: &mut Option<Connection>, due: Instant, served: &mut Served) {
    // A server may close a connection between two calls; a client then opens another, once.
    for _ in 0..2 {
        let fresh = kept.is_none();
        let attempt = async {
            let mut connection = match kept.take() {
                Some(connection) => connection,
                None => Connection::open(HERE, to).await?,
            };
            let answer = connection.call(request).await?;
            if !answer.closes {
                *kept = Some(connection);
            }
            Ok::<_, std::io::Error>(answer.status)
        };
        match tokio::time::timeout(Duration::from_secs(5), attempt).await {
            Ok(Ok(200)) => return served.took.push(due.elapsed()),
            Ok(Err(_)) if !fresh => served.reconnected += 1,
            _ => break,
        }
    }
    served.failed += 1;
    // So that a server that refuses everybody is not asked in a circle without end.
    tokio::time::sleep(Duration::from_millis(5)).await;
}
