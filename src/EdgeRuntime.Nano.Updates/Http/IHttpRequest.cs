namespace EdgeInference.Nano.Updates
{
    /// <summary>A way to get what is at one address, one request after the other. What fails is thrown as an exception of any type.</summary>
    public interface IHttpRequest
    {
        /// <summary>The ETag of the last answer, null or empty where it has none.</summary>
        string Tag { get; }

        /// <summary>Length of the last answer's content in bytes, −1 where the server does not say.</summary>
        long Length { get; }

        /// <summary>Sends a GET request and waits for the head of the answer.</summary>
        /// <param name="tag">Goes into If-None-Match; null for none.</param>
        /// <returns>The status code, 200 or 304 for example.</returns>
        int Send(string tag);

        /// <summary>Reads content of the last answer.</summary>
        /// <returns>How many bytes were read: 1 to <paramref name="count"/>, or 0 at the end.</returns>
        int Read(byte[] buffer, int offset, int count);

        /// <summary>Ends the last request; called after each, a failed one included.</summary>
        void Close();
    }
}
