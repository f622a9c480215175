//! Errors in the shape Stripe gives them: `{"error": {"type", "code", "message", "param"}}`.

use axum::http::StatusCode;
use serde_json::{Value, json};

/// A refused request.
#[derive(Clone, Debug)]
pub(super) struct ApiError {
    pub status: StatusCode,
    pub kind: &'static str,
    pub code: Option<&'static str>,
    pub param: Option<String>,
    pub message: String,
    /// Whether Stripe remembers this answer under the request's idempotency key: yes once the endpoint began its work, no
    /// when the parameters were already wrong.
    pub stored: bool,
}

impl ApiError {
    fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> ApiError {
        ApiError { status, kind, code: None, param: None, message: message.into(), stored: false }
    }

    /// Wrong parameters; not remembered.
    pub(super) fn invalid(param: &str, message: impl Into<String>) -> ApiError {
        let error = ApiError::new(StatusCode::BAD_REQUEST, "invalid_request_error", message);
        ApiError { param: Some(param.to_owned()), ..error }
    }

    pub(super) fn missing(param: &str) -> ApiError {
        ApiError::invalid(param, format!("Missing required param: {param}.")).with_code("parameter_missing")
    }

    pub(super) fn unknown_parameter(param: &str) -> ApiError {
        ApiError::invalid(param, format!("Received unknown parameter: {param}")).with_code("parameter_unknown")
    }

    pub(super) fn no_such(what: &str, id: &str, param: &str) -> ApiError {
        let message = format!("No such {what}: '{id}'");
        let error = ApiError::new(StatusCode::NOT_FOUND, "invalid_request_error", message);
        ApiError { param: Some(param.to_owned()), stored: true, ..error }.with_code("resource_missing")
    }

    /// The parameters were fine, the state of things was not; remembered.
    pub(super) fn refused(message: impl Into<String>) -> ApiError {
        let error = ApiError::new(StatusCode::BAD_REQUEST, "invalid_request_error", message);
        ApiError { stored: true, ..error }
    }

    pub(super) fn unknown_address(method: &str, path: &str) -> ApiError {
        let message = format!(
            "Unrecognized request URL ({method}: {path}). The sandbox offers only what Drempel uses of Stripe's API."
        );
        ApiError::new(StatusCode::NOT_FOUND, "invalid_request_error", message)
    }

    pub(super) fn unauthorised(message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::UNAUTHORIZED, "invalid_request_error", message)
    }

    pub(super) fn rate_limited() -> ApiError {
        let message =
            "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.";
        ApiError::new(StatusCode::TOO_MANY_REQUESTS, "invalid_request_error", message).with_code("rate_limit")
    }

    pub(super) fn key_reused(key: &str) -> ApiError {
        let message = format!(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. \
             Try using a key other than '{key}' if you meant to execute a different request."
        );
        ApiError::new(StatusCode::BAD_REQUEST, "idempotency_error", message)
    }

    pub(super) fn key_in_use(key: &str) -> ApiError {
        let message = format!(
            "There is currently another in-progress request using this Idempotent Key \
             (that probably means you submitted twice, and the other request is still going through): {key}. Please try again later."
        );
        ApiError::new(StatusCode::CONFLICT, "idempotency_error", message).with_code("idempotency_key_in_use")
    }

    pub(super) fn server(message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "api_error", message)
    }

    pub(super) fn timeout() -> ApiError {
        ApiError::new(StatusCode::GATEWAY_TIMEOUT, "api_error", "The sandbox was told to answer too late.")
    }

    pub(super) fn with_code(self, code: &'static str) -> ApiError {
        ApiError { code: Some(code), ..self }
    }

    pub(super) fn with_param(self, param: &str) -> ApiError {
        ApiError { param: Some(param.to_owned()), ..self }
    }

    pub(super) fn to_json(&self) -> Value {
        let mut error = json!({ "type": self.kind, "message": self.message });
        if let Some(code) = self.code {
            error["code"] = json!(code);
            error["doc_url"] = json!(format!("https://stripe.com/docs/error-codes/{}", code.replace('_', "-")));
        }
        if let Some(param) = &self.param {
            error["param"] = json!(param);
        }
        json!({ "error": error })
    }
}
