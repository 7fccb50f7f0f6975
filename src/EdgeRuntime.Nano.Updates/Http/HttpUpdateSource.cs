using System;

namespace EdgeInference.Nano.Updates
{
    /// <summary>Takes models from an address. The server's ETag (RFC 9110, section 8.8.3) avoids repeated downloads.</summary>
    public sealed class HttpUpdateSource
    {
        private const int Ok = 200;
        private const int NotModified = 304;
        private const int PartBytes = 512;

        private readonly IHttpRequest request;
        private readonly ModelUpdater updater;
        private readonly string address;
        private string tag;

        /// <summary>Creates a source.</summary>
        /// <param name="request">Gets what is at the address.</param>
        /// <param name="updater">Gets the models.</param>
        /// <param name="address">The address, for reports.</param>
        /// <exception cref="ArgumentNullException">An argument is null.</exception>
        public HttpUpdateSource(IHttpRequest request, ModelUpdater updater, string address)
        {
            if (request == null || updater == null || address == null)
            {
                throw new ArgumentNullException(request == null ? nameof(request) : updater == null ? nameof(updater) : nameof(address));
            }

            this.request = request;
            this.updater = updater;
            this.address = address;
        }

        /// <summary>Checks the address once; waits for the server.</summary>
        /// <returns>The outcome, null where the server has nothing new.</returns>
        /// <exception cref="InvalidOperationException">As <see cref="ModelReceiver.Finish"/>.</exception>
        public UpdateReport Poll()
        {
            ModelReceiver receiver = null;
            string failure = null;
            string offered = null;
            try
            {
                int status = request.Send(tag);
                if (status == NotModified)
                {
                    return null;
                }

                long length = request.Length;
                offered = request.Tag;
                failure = status != Ok ? "The server answered " + status.ToString() + "."
                    : length < 0 || length > int.MaxValue ? "The server does not say how long the file is (Content-Length)." : null;
                if (failure == null)
                {
                    receiver = updater.Receive(address, (int)length);
                    Copy(receiver);
                }
            }
            catch (Exception exception)
            {
                failure = "The request failed: " + exception.Message;
            }
            finally
            {
                Close();
            }

            if (failure != null)
            {
                return updater.ReportUnreachable(address, failure);
            }

            UpdateReport report = receiver == null ? updater.Last : receiver.Finish();

            // A full storage may have room tomorrow; any other answer stays the same for the same bytes.
            tag = report.Outcome == UpdateOutcome.StorageFailed || report.Outcome == UpdateOutcome.Unreachable ? null : offered;
            return report;
        }

        private void Copy(ModelReceiver receiver)
        {
            byte[] part = new byte[PartBytes];
            int read = receiver == null ? 0 : part.Length;
            while (read > 0 && !receiver.Failed && receiver.Position < receiver.Length)
            {
                read = request.Read(part, 0, part.Length);
                receiver.Write(part, 0, read);
            }
        }

        private void Close()
        {
            try
            {
                request.Close();
            }
            catch (Exception)
            {
                // What was read is there.
            }
        }
    }
}
