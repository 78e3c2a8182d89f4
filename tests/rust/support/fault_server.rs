//! A server that answers from a script, faults included, and notes every request that reached it whole.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// One answer of the script.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A whole answer: status, headers, body.
    Whole(u16, Vec<(&'static str, String)>, String),
    /// The request is read, and the connection closed without a word.
    Hangup,
    /// The request is read, and nothing ever comes.
    Stall,
    /// Headers that promise more body than comes.
    Cut(u16, String),
    /// The same, with a content type of its own.
    CutAs(u16, &'static str, String),
    /// The connection is reset with the request unread.
    ResetUnread,
    /// The request is read, and the connection reset.
    ResetRead,
    /// A whole answer, one byte at a time.
    Drip(u16, String),
    /// An answer that goes on and on, one byte at a time, and never ends.
    Trickle(u16),
}

/// Says what to answer: asked once when a request begins to come, with `None`, where only [`Answer::ResetUnread`] makes
/// sense, and once when it has been read.
type Decide = Box<dyn FnMut(Option<&Arrived>) -> Option<Answer> + Send>;

impl Answer {
    /// A JSON answer.
    pub fn json(status: u16, body: &str) -> Self {
        Self::Whole(status, vec![("content-type", "application/json".into())], body.into())
    }

    /// An HTML page, as gateways send it.
    pub fn html(status: u16) -> Self {
        let page =
            format!("<html><head><title>{status}</title></head><body><h1>Bad gateway</h1></body></html>");
        Self::Whole(status, vec![("content-type", "text/html".into())], page)
    }

    /// A refusal with `Retry-After`.
    pub fn too_many(retry_after: &str) -> Self {
        Self::Whole(429, vec![("retry-after", retry_after.into())], String::new())
    }
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Arrived {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The server. The last answer of its script repeats.
pub struct FaultServer {
    pub base_url: String,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    task: JoinHandle<()>,
}

impl FaultServer {
    pub async fn start(script: impl IntoIterator<Item = Answer>) -> Self {
        let mut script: VecDeque<Answer> = script.into_iter().collect();
        Self::deciding(move |request| {
            if request.is_none() && !matches!(script.front(), Some(Answer::ResetUnread)) {
                return None;
            }
            if script.len() > 1 { script.pop_front() } else { script.front().cloned() }
        })
        .await
    }

    /// A server whose answers are decided request by request.
    pub async fn deciding(decide: impl FnMut(Option<&Arrived>) -> Option<Answer> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let arrived: Arc<Mutex<Vec<Arrived>>> = Arc::default();
        let decide: Arc<Mutex<Decide>> = Arc::new(Mutex::new(Box::new(decide)));
        let noted = arrived.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, decide.clone(), noted.clone()));
            }
        });
        Self { base_url, arrived, task }
    }

    /// The requests that arrived whole, in order.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, decide: Arc<Mutex<Decide>>, noted: Arc<Mutex<Vec<Arrived>>>) {
    loop {
        if stream.readable().await.is_err() || matches!(stream.peek(&mut [0]).await, Ok(0) | Err(_)) {
            return;
        }
        let unread = decide.lock().unwrap()(None);
        if unread.is_some() {
            let _ = stream.set_zero_linger();
            return;
        }
        let Some(request) = read(&mut stream).await else { return };
        let answer = decide.lock().unwrap()(Some(&request));
        noted.lock().unwrap().push(request);
        match answer.expect("there is an answer to every request") {
            Answer::Whole(status, headers, body) => {
                let mut text = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
                headers.iter().for_each(|(name, value)| text.push_str(&format!("{name}: {value}\r\n")));
                text.push_str("\r\n");
                text.push_str(&body);
                if stream.write_all(text.as_bytes()).await.is_err() {
                    return;
                }
            }
            Answer::Hangup => return,
            Answer::Stall => std::future::pending().await,
            Answer::Cut(status, body) => return cut(&mut stream, status, "application/json", &body).await,
            Answer::CutAs(status, media, body) => return cut(&mut stream, status, media, &body).await,
            Answer::ResetUnread | Answer::ResetRead => {
                let _ = stream.set_zero_linger();
                return;
            }
            Answer::Drip(status, body) => {
                let length = body.len();
                let text = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
                );
                for byte in text.bytes() {
                    if stream.write_all(&[byte]).await.is_err() {
                        return;
                    }
                    tokio::task::yield_now().await;
                }
            }
            Answer::Trickle(status) => {
                let head = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n"
                );
                let mut sent = stream.write_all(head.as_bytes()).await;
                while sent.is_ok() {
                    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                    sent = stream.write_all(b" ").await;
                }
                return;
            }
        }
    }
}

/// Sends headers that promise ten bytes more than come.
async fn cut(stream: &mut TcpStream, status: u16, media: &str, body: &str) {
    let length = body.len() + 10;
    let text =
        format!("HTTP/1.1 {status} X\r\ncontent-type: {media}\r\ncontent-length: {length}\r\n\r\n{body}");
    let _ = stream.write_all(text.as_bytes()).await;
}

/// Reads one request, with a plain or a chunked body.
async fn read(stream: &mut TcpStream) -> Option<Arrived> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = find(&bytes, b"\r\n\r\n") {
            break end;
        }
        fill(stream, &mut bytes).await?;
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut body = bytes.split_off(end + 4);
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let get = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    if let Some(length) = get("content-length").and_then(|length| length.parse::<usize>().ok()) {
        while body.len() < length {
            fill(stream, &mut body).await?;
        }
    } else if get("transfer-encoding").is_some() {
        while find(&body, b"\r\n0\r\n\r\n").is_none() {
            fill(stream, &mut body).await?;
        }
    }
    Some(Arrived { method, target, headers, body })
}

async fn fill(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    let mut chunk = [0; 4096];
    let count = stream.read(&mut chunk).await.ok().filter(|count| *count > 0)?;
    bytes.extend_from_slice(&chunk[..count]);
    Some(())
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
