//! Callers that want to use the server up: slow ones, silent ones, endless ones, and a hundred thousand that nobody knows.

use crate::Scale;
use crate::connection::{Connection, FORM, JSON, get, loopback, post};
use crate::good::{self, Served, basic};
use crate::report::{Report, milliseconds};
use crate::server::Server;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// The most memory that the server may take, in megabytes.
const MOST_MEMORY: u64 = 256;
/// Good callers call this often.
const PACE: Duration = Duration::from_millis(20);
/// How long 100,000 unknown users may take.
const UNKNOWN_TIME: Duration = Duration::from_secs(45);
/// A body that nobody wants.
const ENDLESS: u64 = 1 << 30;
/// Hostile callers share this many addresses.
const ADDRESSES: usize = 200;

pub async fn run(binary: &Path, scale: Scale, report: &mut Report) {
    let mut server = Server::start(binary, &[]);
    let to = server.address;

    let alone = Good::start(to).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    alone.end("nobody hostile", &server, report).await;

    let good = Good::start(to).await;
    slow(to, scale, report).await;
    good.end("slow heads and bodies", &server, report).await;

    let good = Good::start(to).await;
    idle(to, scale, report).await;
    good.end("idle connections", &server, report).await;

    let good = Good::start(to).await;
    endless(to, report).await;
    good.end("bodies of 1 GB", &server, report).await;

    let (log, beginning) = server.log();
    report.figure("  written to the log", format!("{log} bytes {beginning}"));
    report.state("the server still runs", server.is_running(), server.is_running());
    drop(server);

    // Behind a proxy every call can come from an address of its own.
    let mut server = Server::start(binary, &["--behind-proxy"]);
    let good = Good::start(server.address).await;
    unknown(server.address, scale, report).await;
    good.end("unknown users", &server, report).await;
    report.state("the server still runs", server.is_running(), server.is_running());
}

/// A good caller at work.
struct Good {
    stop: oneshot::Sender<()>,
    calling: JoinHandle<Served>,
}

impl Good {
    async fn start(to: SocketAddr) -> Self {
        let request = good::request(to).await;
        let (stop, stopped) = oneshot::channel();
        Self { stop, calling: tokio::spawn(good::steadily(to, request, PACE, stopped)) }
    }

    async fn end(self, during: &str, server: &Server, report: &mut Report) {
        let _ = self.stop.send(());
        let mut served = self.calling.await.unwrap();
        let p99 = served.p99();
        let (all, longest) = (served.took.len() + served.failed, served.took.last().copied().unwrap_or_default());
        let told = format!(
            "{} of {all}, p99 {}, longest {}, {} reconnected",
            served.took.len(),
            milliseconds(p99),
            milliseconds(longest),
            served.reconnected
        );
        report.state(&format!("{during}: good callers are served"), told, served.failed * 1000 <= all);
        let (now, ever) = (server.largest_since(), server.largest_ever());
        report.state(
            &format!("{during}: memory stays under 256 MB"),
            format!("{now} MB now, {ever} MB ever"),
            ever < MOST_MEMORY && now > 0,
        );
    }
}

/// The addresses of hostile callers, each shared by some.
fn address(number: usize) -> Ipv4Addr {
    loopback(u32::try_from(number % ADDRESSES).unwrap_or_default())
}

#[derive(Default)]
struct Counts {
    opened: AtomicUsize,
    closed: AtomicUsize,
}

/// Half of them drip a head, half a body, a byte a second; whoever is thrown out comes back.
async fn slow(to: SocketAddr, scale: Scale, report: &mut Report) {
    let (counts, end) = (Arc::new(Counts::default()), Instant::now() + scale.scenario);
    let callers: Vec<_> = (0..scale.slow)
        .map(|number| {
            let counts = counts.clone();
            tokio::spawn(async move {
                while Instant::now() < end {
                    let dripped = tokio::time::timeout_at(end, drip(to, number, &counts)).await;
                    if matches!(dripped, Ok(Err(_))) {
                        counts.closed.fetch_add(1, Ordering::Relaxed);
                        tokio::time::sleep(Duration::from_millis(500)).await;
                    }
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    let (opened, closed) = (counts.opened.load(Ordering::Relaxed), counts.closed.load(Ordering::Relaxed));
    report.figure("  slow connections opened, and ended by the server", format!("{opened}, {closed}"));
}

async fn drip(to: SocketAddr, number: usize, counts: &Counts) -> io::Result<()> {
    let mut connection = Connection::open(address(number), to).await?;
    counts.opened.fetch_add(1, Ordering::Relaxed);
    if number.is_multiple_of(2) {
        connection.stream.write_all(format!("GET / HTTP/1.1\r\nhost: {to}\r\nx-slow: ").as_bytes()).await?;
    } else {
        let head = format!(
            "POST /oauth/token HTTP/1.1\r\nhost: {to}\r\ncontent-type: {FORM}\r\ncontent-length: 10000\r\n\r\n"
        );
        connection.stream.write_all(head.as_bytes()).await?;
    }
    loop {
        tokio::select! {
            // Whatever comes now, an answer or the end, it is the server that has had enough.
            _ = connection.answer() => return Err(io::ErrorKind::ConnectionAborted.into()),
            () = tokio::time::sleep(Duration::from_secs(1)) => connection.stream.write_all(b"a").await?,
        }
    }
}

/// They are opened and kept, and nothing is ever sent on them.
async fn idle(to: SocketAddr, scale: Scale, report: &mut Report) {
    let end = Instant::now() + scale.scenario;
    let openers: Vec<_> = (0..20)
        .map(|opener| {
            tokio::spawn(async move {
                let mut open = Vec::new();
                for number in 0..scale.idle / 20 {
                    if let Ok(connection) = Connection::open(address(opener * 1000 + number), to).await {
                        open.push(connection);
                    }
                }
                open
            })
        })
        .collect();
    let mut open = Vec::new();
    for opener in openers {
        open.extend(opener.await.unwrap());
    }
    report.state("idle connections could be opened", open.len(), open.len() * 100 >= scale.idle * 99);
    tokio::time::sleep_until(end).await;
    let mut byte = [0];
    let kept = open
        .iter()
        .filter(|connection| matches!(connection.stream.try_read(&mut byte), Err(error) if error.kind() == io::ErrorKind::WouldBlock))
        .count();
    report.figure("  of them the server still keeps", kept);
}

/// To an endpoint that takes forms and to one that takes JSON, announced and not.
async fn endless(to: SocketAddr, report: &mut Report) {
    for chunked in [false, true] {
        for (line, media_type) in
            [("POST /oauth/token", FORM), ("PUT /api/oauth/page", JSON), ("POST /oauth/register", JSON)]
        {
            let framing =
                if chunked { "transfer-encoding: chunked".to_owned() } else { format!("content-length: {ENDLESS}") };
            let head = format!("{line} HTTP/1.1\r\nhost: {to}\r\ncontent-type: {media_type}\r\n{framing}\r\n\r\n");
            let name = format!("  1 GB to {line}, {}", if chunked { "chunked" } else { "announced" });
            let time = Duration::from_secs(8);
            let (sent, outcome) = match tokio::time::timeout(time, pour(to, head.as_bytes(), chunked)).await {
                Ok((sent, outcome)) => (sent, outcome),
                Err(_) => (ENDLESS, "still taken after 8 s".to_owned()),
            };
            let told = format!("{outcome} after {} KB", sent / 1024);
            report.state(&name, told, sent < ENDLESS / 8);
        }
    }
}

/// Sends until the server has had enough; how much that was, and how it said so.
async fn pour(to: SocketAddr, head: &[u8], chunked: bool) -> (u64, String) {
    let Ok(mut connection) = Connection::open(address(1), to).await else {
        return (ENDLESS, "no connection".to_owned());
    };
    let mut part = Vec::new();
    if chunked {
        part.extend_from_slice(b"10000\r\n");
    }
    part.resize(part.len() + 0x1_0000, b'a');
    if chunked {
        part.extend_from_slice(b"\r\n");
    }
    let mut sent = 0;
    let (reader, mut writer) = connection.stream.split();
    if writer.write_all(head).await.is_ok() {
        while sent < ENDLESS {
            tokio::select! {
                biased;
                // Whatever comes now, an answer or the end, it is the server that has had enough.
                _ = reader.readable() => break,
                written = writer.write_all(&part) => match written {
                    Ok(()) => sent += 0x1_0000,
                    Err(_) => break,
                },
            }
        }
    }
    match connection.answer().await {
        Ok(answer) => (sent, answer.status.to_string()),
        Err(_) => (sent, "closed".to_owned()),
    }
}

/// Each with a name, a password and an address that were never seen before: half at the Basic guard, half at the sign-in.
async fn unknown(to: SocketAddr, scale: Scale, report: &mut Report) {
    let next = Arc::new(AtomicUsize::new(0));
    let (begin, end) = (Instant::now(), Instant::now() + UNKNOWN_TIME);
    let callers: Vec<_> = (0..400_u32)
        .map(|caller| {
            let next = next.clone();
            tokio::spawn(async move {
                let mut counts = [0_usize; 600];
                let mut connection = None;
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= scale.unknown || Instant::now() >= end {
                        return counts;
                    }
                    let attempt = async {
                        let mut open = match connection.take() {
                            Some(open) => open,
                            None => Connection::open(loopback(caller), to).await?,
                        };
                        let answer = open.call(&of_nobody(to, number)).await?;
                        if !answer.closes {
                            connection = Some(open);
                        }
                        Ok::<_, io::Error>(usize::from(answer.status))
                    };
                    let status = tokio::time::timeout_at(end, attempt).await;
                    counts[status.ok().and_then(Result::ok).unwrap_or_default().min(599)] += 1;
                }
            })
        })
        .collect();
    let mut all = [0_usize; 600];
    for caller in callers {
        for (status, count) in caller.await.unwrap().into_iter().enumerate() {
            all[status] += count;
        }
    }
    let answered: usize = all[1..].iter().sum();
    let let_in: usize = all[200..400].iter().sum();
    let told: Vec<String> = (0..600)
        .filter(|status| all[*status] > 0)
        .map(|status| if status == 0 { format!("no answer: {}", all[0]) } else { format!("{status}: {}", all[status]) })
        .collect();
    report.figure("  unknown users met", format!("{} in {} s", told.join(", "), begin.elapsed().as_secs()));
    let (statement, most) = (format!("{} unknown users are answered, none let in", scale.unknown), scale.unknown / 100);
    report.state(&statement, answered, answered + most >= scale.unknown && let_in == 0);
}

fn of_nobody(to: SocketAddr, number: usize) -> Vec<u8> {
    let [_, _, _, _, _, a, b, c] = (number as u64).to_be_bytes();
    let header = format!("x-forwarded-for: {}\r\n", Ipv4Addr::new(12, a, b, c));
    let (name, password) = (format!("nobody-{number}"), format!("password-{number}"));
    if number.is_multiple_of(2) {
        let body = serde_json::json!({"username": name, "password": password}).to_string();
        return post(to, "/api/jwt/sign_in", &header, JSON, &body);
    }
    get(to, "/api/basic/pages", &format!("{header}{}", basic(&name, &password)))
}
