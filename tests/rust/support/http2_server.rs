//! HTTP/2 server that fails streams by a script. It writes frames itself (RFC 9113), because HTTP/2 libraries cannot send
//! invalid ones.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::server::TlsStream;

use super::tls;

/// How the server ends a stream.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StreamResult {
    /// Status 200 and `{}`.
    Success,
    /// RST_STREAM with REFUSED_STREAM: not processed.
    Refused,
    /// GOAWAY that names an earlier stream as the last: not processed.
    ExcludedByGoAway,
    /// GOAWAY that includes the stream, and the connection closes without a response.
    IncludedByGoAway,
    /// GOAWAY with an error code.
    GoAwayWithError,
    /// RST_STREAM with INTERNAL_ERROR before any headers.
    ResetBeforeHeaders,
    /// Headers, then RST_STREAM.
    ResetAfterHeaders,
    /// The connection closes.
    Closed,
}

/// Scripted server. The last entry of its script repeats.
pub struct Http2Server {
    pub base_url: String,
    /// Certificate of its authority, as PEM.
    pub ca: String,
    streams: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Http2Server {
    pub async fn start(script: impl IntoIterator<Item = StreamResult>) -> Self {
        let (acceptor, ca) = tls::acceptor(&["h2"]);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let script: Arc<Mutex<VecDeque<StreamResult>>> = Arc::new(Mutex::new(script.into_iter().collect()));
        let (streams, connections) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (counted, opened) = (streams.clone(), connections.clone());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, script) = (acceptor.clone(), script.clone());
                let (counted, opened) = (counted.clone(), opened.clone());
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    opened.fetch_add(1, Ordering::SeqCst);
                    let _ = serve(&mut stream, &script, &counted).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { base_url, ca, streams, connections, task }
    }

    /// Returns the number of complete requests.
    pub fn streams(&self) -> usize {
        self.streams.load(Ordering::SeqCst)
    }

    /// Returns the number of opened connections.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Http2Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const END_STREAM: u8 = 1;
const ACK: u8 = 1;
const END_HEADERS: u8 = 4;

type Stream = TlsStream<TcpStream>;

async fn serve(
    stream: &mut Stream,
    script: &Mutex<VecDeque<StreamResult>>,
    count: &AtomicUsize,
) -> std::io::Result<()> {
    stream.read_exact(&mut [0; 24]).await?;
    send(stream, SETTINGS, 0, 0, &[]).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let (kind, flags) = (head[3], head[4]);
        let id = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        let mut payload = vec![0; length];
        stream.read_exact(&mut payload).await?;
        match kind {
            SETTINGS if flags & ACK == 0 => send(stream, SETTINGS, ACK, 0, &[]).await?,
            PING if flags & ACK == 0 => send(stream, PING, ACK, 0, &payload).await?,
            HEADERS | DATA if flags & END_STREAM != 0 => {
                count.fetch_add(1, Ordering::SeqCst);
                let result = {
                    let mut script = script.lock().unwrap();
                    if script.len() > 1 { script.pop_front() } else { script.front().copied() }
                };
                if !respond(stream, result.unwrap_or(StreamResult::Success), id).await? {
                    return Ok(());
                }
            }
            _ => {}
        }
    }
}

/// Ends a stream. Returns `false` if the connection ends too.
async fn respond(stream: &mut Stream, result: StreamResult, id: u32) -> std::io::Result<bool> {
    // `:status: 200`, and `content-type` by its number in the static table (RFC 7541, appendix A).
    let mut headers = vec![0x88, 0x0f, 0x10, 16];
    headers.extend_from_slice(b"application/json");
    let reset = |code: u32| code.to_be_bytes();
    let go_away = |last: u32, code: u32| [last.to_be_bytes(), code.to_be_bytes()].concat();
    match result {
        StreamResult::Success => {
            send(stream, HEADERS, END_HEADERS, id, &headers).await?;
            send(stream, DATA, END_STREAM, id, b"{}").await?;
        }
        StreamResult::Refused => send(stream, RST_STREAM, 0, id, &reset(7)).await?,
        StreamResult::ResetBeforeHeaders => send(stream, RST_STREAM, 0, id, &reset(2)).await?,
        StreamResult::ResetAfterHeaders => {
            send(stream, HEADERS, END_HEADERS, id, &headers).await?;
            send(stream, RST_STREAM, 0, id, &reset(2)).await?;
        }
        StreamResult::ExcludedByGoAway => {
            send(stream, GOAWAY, 0, 0, &go_away(id.saturating_sub(2), 0)).await?
        }
        StreamResult::IncludedByGoAway => {
            send(stream, GOAWAY, 0, 0, &go_away(id, 0)).await?;
            return Ok(false);
        }
        StreamResult::GoAwayWithError => {
            send(stream, GOAWAY, 0, 0, &go_away(0, 11)).await?;
            return Ok(false);
        }
        StreamResult::Closed => return Ok(false),
    }
    Ok(true)
}

async fn send(stream: &mut Stream, kind: u8, flags: u8, id: u32, payload: &[u8]) -> std::io::Result<()> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend_from_slice(&id.to_be_bytes());
    frame.extend_from_slice(payload);
    stream.write_all(&frame).await?;
    stream.flush().await
}
