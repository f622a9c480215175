//! Traces: what a request, a job, a letter or a call to the provider took, as spans sent by OTLP where `OTEL_EXPORTER_OTLP_ENDPOINT` names
//! a collector.
//!
//! A span says which route, kind or endpoint it was and how it ended; never an address with its keys, an id or anything about a person.
//! Spans are opened one level below the log's, so that without a collector they cost nothing. They leave in batches by a thread of their
//! own; a collector that is away loses them and holds nobody up. The share that is kept is set as everywhere, by
//! `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`, the name of the service by `OTEL_SERVICE_NAME`.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::{Instrument, Level, Span, Subscriber, debug_span, field};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use crate::infra::http;

/// What all spans are filed under; nothing else is sent.
const TARGET: &str = "drempel::traces";
/// How long the collector has for a batch.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest answer of a collector that is read, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// The way to a collector.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Begins to send to the collector at this address; `/v1/traces` is added. Needs the runtime.
    ///
    /// # Errors
    /// The address is none.
    pub fn open(address: &str) -> Result<Traces, String> {
        let sender = Sender { client: http::client(), runtime: tokio::runtime::Handle::current() };
        let exporter = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .with_http_client(sender)
            .with_endpoint(format!("{}/v1/traces", address.trim_end_matches('/')))
            .with_timeout(PATIENCE)
            .build()
            .map_err(|error| error.to_string())?;
        let mut resource = Resource::builder();
        if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
            resource = resource.with_service_name("drempel");
        }
        Ok(Traces(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource.build()).build()))
    }

    /// What hands spans over.
    pub fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(&self) -> impl Layer<S> + use<S> {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("drempel"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_filter(Targets::new().with_target(TARGET, Level::DEBUG))
    }

    /// Sends what is left.
    pub fn close(&self) {
        if let Err(error) = self.0.shutdown_with_timeout(PATIENCE) {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// Sends batches over the program's own client. The thread that makes them has no runtime, so each call runs in the program's.
struct Sender {
    client: http::Client,
    runtime: tokio::runtime::Handle,
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sender")
    }
}

impl HttpClient for Sender {
    fn send_bytes<'a, 'b>(
        &'a self,
        request: hyper::Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<hyper::Response<Bytes>, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        let client = self.client.clone();
        let call = async move {
            let answer = client.request(request.map(Full::new)).await?;
            let (head, body) = answer.into_parts();
            let body = Limited::new(body, LONGEST_ANSWER).collect().await?.to_bytes();
            Ok::<_, HttpError>(hyper::Response::from_parts(head, body))
        };
        let sent = self.runtime.spawn(async move { tokio::time::timeout(PATIENCE, call).await? });
        Box::pin(async move { sent.await? })
    }
}

/// Layer that opens the span of a request: its method and the pattern of its address.
pub async fn request(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let method = request.method().as_str();
    let span = debug_span!(
        target: TARGET, "request", otel.name = format_args!("{method} {route}"), otel.kind = "server",
        http.request.method = method, http.route = route, http.response.status_code = field::Empty,
        otel.status_code = field::Empty,
    );
    let response = next.run(request).instrument(span.clone()).await;
    span.record("http.response.status_code", response.status().as_u16());
    if response.status().is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    response
}

/// The span of a job or of a task by its name.
pub fn work(kind: &str) -> Span {
    debug_span!(target: TARGET, "work", otel.name = kind, otel.kind = "consumer", otel.status_code = field::Empty)
}

/// The span of a call to the payment provider.
pub fn provider_call(endpoint: &'static str) -> Span {
    debug_span!(
        target: TARGET, "provider", otel.name = endpoint, otel.kind = "client", peer.service = "stripe",
        otel.status_code = field::Empty,
    )
}

/// The span of handing a letter of this kind to the mail server.
pub fn letter(kind: &str) -> Span {
    debug_span!(
        target: TARGET, "letter", otel.name = kind, otel.kind = "producer", peer.service = "smtp",
        otel.status_code = field::Empty,
    )
}

/// Runs something inside a span, which says when it failed.
pub async fn within<T, E>(span: Span, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let done = work.instrument(span.clone()).await;
    if done.is_err() {
        span.record("otel.status_code", "ERROR");
    }
    done
}
