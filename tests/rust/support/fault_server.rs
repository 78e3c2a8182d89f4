//! HTTP server that sends scripted responses and faults, and records every complete request.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// Scripted response or fault.
#[derive(Debug, Clone)]
pub enum Response {
    /// Complete response: status, headers, body.
    Whole(u16, Vec<(&'static str, String)>, String),
    /// Reads the request and closes the connection.
    Hangup,
    /// Reads the request and never responds.
    Stall,
    /// Closes the connection within the body.
    Cut(u16, String),
    /// Like [`Self::Cut`], with this content type.
    CutAs(u16, &'static str, String),
    /// Resets the connection before reading the request.
    ResetUnread,
    /// Reads the request and resets the connection.
    ResetRead,
    /// Sends a complete response byte by byte.
    Drip(u16, String),
    /// Sends a body byte by byte without end.
    Trickle(u16),
}

/// Selects the response. It is called twice per request: with `None` before the request is read, to which only
/// [`Response::ResetUnread`] is valid, and with the request after that.
type Decide = Box<dyn FnMut(Option<&ReceivedRequest>) -> Option<Response> + Send>;

impl Response {
    /// Returns a JSON response.
    pub fn json(status: u16, body: &str) -> Self {
        Self::Whole(status, vec![("content-type", "application/json".into())], body.into())
    }

    /// Returns an HTML page as a gateway sends it.
    pub fn html(status: u16) -> Self {
        let page =
            format!("<html><head><title>{status}</title></head><body><h1>Bad gateway</h1></body></html>");
        Self::Whole(status, vec![("content-type", "text/html".into())], page)
    }

    /// Returns a 429 with `Retry-After`.
    pub fn too_many(retry_after: &str) -> Self {
        Self::Whole(429, vec![("retry-after", retry_after.into())], String::new())
    }
}

/// Received request.
#[derive(Debug, Clone)]
pub struct ReceivedRequest {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl ReceivedRequest {
    /// Returns the value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Scripted server. The last response of its script repeats.
pub struct FaultServer {
    pub base_url: String,
    arrived: Arc<Mutex<Vec<ReceivedRequest>>>,
    task: JoinHandle<()>,
}

impl FaultServer {
    pub async fn start(script: impl IntoIterator<Item = Response>) -> Self {
        let mut script: VecDeque<Response> = script.into_iter().collect();
        Self::deciding(move |request| {
            if request.is_none() && !matches!(script.front(), Some(Response::ResetUnread)) {
                return None;
            }
            if script.len() > 1 { script.pop_front() } else { script.front().cloned() }
        })
        .await
    }

    /// Starts a server with a function that selects each response.
    pub async fn deciding(
        decide: impl FnMut(Option<&ReceivedRequest>) -> Option<Response> + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let arrived: Arc<Mutex<Vec<ReceivedRequest>>> = Arc::default();
        let decide: Arc<Mutex<Decide>> = Arc::new(Mutex::new(Box::new(decide)));
        let received = arrived.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, decide.clone(), received.clone()));
            }
        });
        Self { base_url, arrived, task }
    }

    /// Returns the complete requests in order.
    pub fn arrived(&self) -> Vec<ReceivedRequest> {
        self.arrived.lock().unwrap().clone()
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    decide: Arc<Mutex<Decide>>,
    received: Arc<Mutex<Vec<ReceivedRequest>>>,
) {
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
        let response = decide.lock().unwrap()(Some(&request));
        received.lock().unwrap().push(request);
        match response.expect("no response to a request") {
            Response::Whole(status, headers, body) => {
                let mut text = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
                headers.iter().for_each(|(name, value)| text.push_str(&format!("{name}: {value}\r\n")));
                text.push_str("\r\n");
                text.push_str(&body);
                if stream.write_all(text.as_bytes()).await.is_err() {
                    return;
                }
            }
            Response::Hangup => return,
            Response::Stall => std::future::pending().await,
            Response::Cut(status, body) => return cut(&mut stream, status, "application/json", &body).await,
            Response::CutAs(status, media, body) => return cut(&mut stream, status, media, &body).await,
            Response::ResetUnread | Response::ResetRead => {
                let _ = stream.set_zero_linger();
                return;
            }
            Response::Drip(status, body) => {
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
            Response::Trickle(status) => {
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

/// Sends headers that announce ten bytes more than the body has.
async fn cut(stream: &mut TcpStream, status: u16, media: &str, body: &str) {
    let length = body.len() + 10;
    let text =
        format!("HTTP/1.1 {status} X\r\ncontent-type: {media}\r\ncontent-length: {length}\r\n\r\n{body}");
    let _ = stream.write_all(text.as_bytes()).await;
}

/// Reads a request with a plain or chunked body.
async fn read(stream: &mut TcpStream) -> Option<ReceivedRequest> {
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
    Some(ReceivedRequest { method, target, headers, body })
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
