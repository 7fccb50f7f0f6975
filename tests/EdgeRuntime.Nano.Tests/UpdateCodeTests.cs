using System.Runtime.CompilerServices;
using EdgeInference.Nano.Tests.Emit;
using Microsoft.CodeAnalysis.CSharp;

namespace EdgeInference.Nano.Tests;

/// <summary>
/// Storage and transports of EdgeInference.Nano.Updates use what nanoFramework's packages have. Those do not restore everywhere, so that the sources
/// are compiled against outlines here, and the guard holds every member that they use to the lists in Api.
/// </summary>
public class UpdateCodeTests
{
    private const string Engine = "EdgeInference.Nano";
    private const string Core = "EdgeInference.Nano.Updates";

    private const string Ports = """
        namespace System.IO.Ports
        {
            public enum Parity { None }
            public enum StopBits { None, One }
            public class SerialPort
            {
                public SerialPort(string name, int baudRate, Parity parity, int dataBits, StopBits stopBits) { }
                public int ReadBufferSize { get { return 0; } set { } }
                public int BytesToRead { get { return 0; } }
                public void Open() { }
                public int Read(byte[] buffer, int offset, int count) { return 0; }
                public void Write(byte[] buffer, int offset, int count) { }
            }
        }
        """;

    private const string Http = """
        namespace System.Security.Cryptography.X509Certificates { public class X509Certificate { } }
        namespace System.Net.Security { public enum SslProtocols { None, Tls12 = 3072 } public enum SslVerification { CertificateRequired = 4 } }
        namespace System.Net
        {
            public enum HttpStatusCode { OK = 200 }
            public class WebHeaderCollection { public string this[string name] { get { return null; } } public void Add(string name, string value) { } }
            public abstract class WebRequest
            {
                public static WebRequest Create(string address) { return null; }
                public virtual string Method { get { return null; } set { } }
                public virtual int Timeout { get { return 0; } set { } }
                public virtual WebHeaderCollection Headers { get { return null; } }
                public virtual WebResponse GetResponse() { return null; }
                public void Dispose() { }
            }
            public abstract class WebResponse
            {
                public virtual long ContentLength { get { return 0; } }
                public virtual WebHeaderCollection Headers { get { return null; } }
                public virtual System.IO.Stream GetResponseStream() { return null; }
                public virtual void Close() { }
            }
            public class HttpWebRequest : WebRequest
            {
                public bool KeepAlive { get { return false; } set { } }
                public System.Net.Security.SslProtocols SslProtocols { get { return 0; } set { } }
                public System.Net.Security.SslVerification SslVerification { get { return 0; } set { } }
                public System.Security.Cryptography.X509Certificates.X509Certificate HttpsAuthentCert { get { return null; } set { } }
            }
            public class HttpWebResponse : WebResponse { public HttpStatusCode StatusCode { get { return 0; } } }
        }
        """;

    private static readonly Lazy<byte[]> core = new(() => EmittedCode.Compile(Sources("EdgeRuntime.Nano.Updates"), Core, []));

    [Fact]
    public void The_updates_use_what_nanoFramework_has() => Assert.Empty(Problems(CompileCore(), Engine));

    [Theory]
    [InlineData("Files")]
    [InlineData("Serial")]
    [InlineData("Http")]
    [InlineData("Mqtt")]
    public void Storage_and_transports_use_what_the_packages_have(string part)
    {
        byte[][] needs = part switch
        {
            "Serial" => [EmittedCode.CompileText(Ports, "System.IO.Ports", [])],
            "Http" => [EmittedCode.CompileText(Http, "System.Net.Http", [])],
            "Mqtt" => [EmittedCode.CompileText(File.ReadAllText(Path.Combine(Folder(), "..", "EdgeRuntime.Nano.Updates.Tests", "M2MqttOutline.cs")), LanguageVersion.Latest)],
            _ => [],
        };
        byte[] assembly = EmittedCode.Compile(Sources($"EdgeRuntime.Nano.Updates.{part}"), $"{Core}.{part}", needs.Append(CompileCore()));
        Assert.Empty(Problems(assembly, Engine, Core));
    }

    // A lock becomes a call of .NET's overload here, and of nanoFramework's where that is what the compiler finds (EdgeRuntime.Nano.Updates.CoreLibrary).
    private static IEnumerable<string> Problems(byte[] assembly, params string[] own) =>
        NanoGuard.Check(assembly, own).Where(problem => !problem.EndsWith("System.Void System.Threading.Monitor::Enter(System.Object,System.Boolean&)", StringComparison.Ordinal));

    private static byte[] CompileCore() => core.Value;

    private static IEnumerable<(string Name, string Text)> Sources(string project)
    {
        string folder = Path.Combine(Folder(), "..", "..", "src", project);
        return Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(folder, path).StartsWith("obj", StringComparison.Ordinal) && !Path.GetRelativePath(folder, path).StartsWith("bin", StringComparison.Ordinal))
            .Select(path => (Path.GetFileName(path), File.ReadAllText(path)));
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
