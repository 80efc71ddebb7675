using System.Net;

namespace Stripe;

/// <summary>Stripe refused a request, or an answer or a webhook is not what it should be.</summary>
public class StripeException : Exception
{
    public StripeException()
    {
    }

    public StripeException(string message) : base(message)
    {
    }

    public StripeException(string message, Exception err) : base(message, err)
    {
    }

    public StripeException(HttpStatusCode httpStatusCode, StripeError stripeError, string message) : base(message) =>
        (HttpStatusCode, StripeError) = (httpStatusCode, stripeError);

    /// <summary>0 where no answer was involved, as with a webhook.</summary>
    public HttpStatusCode HttpStatusCode { get; set; }

    /// <summary>Null where the answer was not an error of Stripe's form.</summary>
    public StripeError StripeError { get; set; }

    public StripeResponse StripeResponse { get; set; }
}
