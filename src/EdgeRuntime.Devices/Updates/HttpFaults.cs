using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;

namespace EdgeInference.Devices;

/// <summary>What went wrong with a download, in words.</summary>
internal static class HttpFaults
{
    private const int MaxText = 200;

    internal static UpdateSourceFault Of(HttpResponseMessage response, DateTimeOffset now)
    {
        int status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
        {
            if (status == (int)HttpStatusCode.NotModified)
            {
                return new UpdateSourceFault("status_304", "The server answered 304 Not Modified although it was not asked whether the model changed; correct the server or the proxy before it.");
            }

            string target = response.Headers.Location is { } location ? Clean(location.OriginalString) : "nowhere";
            return new UpdateSourceFault("redirect", $"The server answered {status} {Clean(response.ReasonPhrase)} and points to '{target}'; a model is fetched there only if it is https, and after few such answers. Set the address where the model is.");
        }

        TimeSpan? wait = Wait(response.Headers.RetryAfter, now);
        string asks = wait is null ? "" : string.Create(CultureInfo.InvariantCulture, $" It asks for {wait.Value.TotalSeconds:0} s of peace.");
        return new UpdateSourceFault(string.Create(CultureInfo.InvariantCulture, $"status_{status}"), $"The server answered {status} {Clean(response.ReasonPhrase)}.{asks}", wait);
    }

    internal static UpdateSourceFault Of(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => new UpdateSourceFault("name_resolution", $"The server's name cannot be resolved: {Innermost(exception)} Check the address and the network's DNS."),
        HttpRequestError.ConnectionError => new UpdateSourceFault("connect", $"The server cannot be connected to: {Innermost(exception)}"),
        HttpRequestError.SecureConnectionError => new UpdateSourceFault("tls", $"The server did not prove that it is the one: {Innermost(exception)}"),
        HttpRequestError.ResponseEnded => new UpdateSourceFault("incomplete", $"The answer ended before it was complete: {Innermost(exception)}"),
        HttpRequestError.Unknown when exception.InnerException is AuthenticationException => new UpdateSourceFault("tls", $"The server did not prove that it is the one: {Innermost(exception)}"),
        _ => new UpdateSourceFault("http", exception.Message),
    };

    internal static UpdateSourceFault Of(IOException exception) => exception is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }
        ? new UpdateSourceFault("incomplete", $"The answer ended before it was complete: {exception.Message}")
        : new UpdateSourceFault("http", exception.Message);

    private static TimeSpan? Wait(RetryConditionHeaderValue? header, DateTimeOffset now)
    {
        TimeSpan? wait = header?.Delta ?? (header?.Date - now);
        return wait > TimeSpan.Zero ? wait : null;
    }

    // The server's words go into the log: no line of their own, and not endless.
    private static string Clean(string? text) => string.Concat((text ?? "").Take(MaxText).Select(letter => char.IsControl(letter) ? ' ' : letter));

    private static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception.Message.EndsWith('.') ? exception.Message : exception.Message + ".";
    }
}
