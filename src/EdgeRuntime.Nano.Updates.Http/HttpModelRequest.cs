using System;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace EdgeInference.Nano.Updates
{
    /// <summary>
    /// GET requests of nanoFramework.System.Net.Http.Client for a <see cref="HttpUpdateSource"/>. They are made with HttpWebRequest, because HttpClient
    /// does not show the ETag of an answer.
    /// </summary>
    public sealed class HttpModelRequest : IHttpRequest
    {
        private const int TimeoutMilliseconds = 20000;

        private readonly string address;
        private readonly X509Certificate certificate;
        private HttpWebRequest request;
        private HttpWebResponse response;
        private Stream content;

        /// <summary>Creates requests over https.</summary>
        /// <param name="address">The address, beginning with <c>https://</c>. Set the device's clock first: certificates have dates.</param>
        /// <param name="certificate">The certificate of the authority that the server's certificate is from; null where the firmware stores it.</param>
        /// <exception cref="ArgumentException">The address is no https address.</exception>
        public HttpModelRequest(string address, X509Certificate certificate)
            : this(address, certificate, "https://")
        {
        }

        private HttpModelRequest(string address, X509Certificate certificate, string scheme)
        {
            if (address == null || address.IndexOf(scheme) != 0)
            {
                throw new ArgumentException("'" + address + "' is not an address that begins with " + scheme + ".");
            }

            this.address = address;
            this.certificate = certificate;
        }

        /// <summary>The ETag of the last answer.</summary>
        public string Tag { get; private set; }

        /// <summary>Length of the last answer's content in bytes, −1 where the server does not say.</summary>
        public long Length { get; private set; }

        /// <summary>
        /// Creates requests over http, which anybody on the way can read, change or replace by an older file. Signatures and versions of models are
        /// checked all the same, so that a policy that requires them loses no more than secrecy.
        /// </summary>
        /// <param name="address">The address, beginning with <c>http://</c>.</param>
        /// <exception cref="ArgumentException">The address is no http address.</exception>
        public static HttpModelRequest Plain(string address)
        {
            return new HttpModelRequest(address, null, "http://");
        }

        /// <summary>Sends a GET request and waits for the head of the answer.</summary>
        /// <exception cref="WebException">There is no connection or no answer.</exception>
        public int Send(string tag)
        {
            request = (HttpWebRequest)WebRequest.Create(address);
            request.Method = "GET";
            request.Timeout = TimeoutMilliseconds;
            request.KeepAlive = false;
            request.SslProtocols = SslProtocols.Tls12;

            // Without a word of it HttpWebRequest takes any certificate, unlike HttpClient.
            request.SslVerification = SslVerification.CertificateRequired;
            request.HttpsAuthentCert = certificate;
            if (tag != null && tag.Length > 0)
            {
                request.Headers.Add("If-None-Match", tag);
            }

            response = (HttpWebResponse)request.GetResponse();
            content = response.GetResponseStream();
            Tag = response.Headers["ETag"];
            Length = response.ContentLength;
            return (int)response.StatusCode;
        }

        /// <summary>Reads content of the last answer.</summary>
        /// <exception cref="IOException">The connection ended.</exception>
        public int Read(byte[] buffer, int offset, int count)
        {
            return content.Read(buffer, offset, count);
        }

        /// <summary>Ends the last request.</summary>
        public void Close()
        {
            Tag = null;
            HttpWebResponse answered = response;
            HttpWebRequest sent = request;
            response = null;
            request = null;
            content = null;
            if (answered != null)
            {
                answered.Close();
            }

            if (sent != null)
            {
                sent.Dispose();
            }
        }
    }
}
