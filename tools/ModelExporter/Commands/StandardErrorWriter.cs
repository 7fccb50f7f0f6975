using System.Text;

namespace EdgeInference.Tool.Commands;

/// <summary>Notes on standard error beside a result on standard output: where it is closed or full, they are lost and the result is not.</summary>
internal sealed class StandardErrorWriter : TextWriter
{
    public override Encoding Encoding => Console.Error.Encoding;

    public override void Write(char value) => StandardError.Try(() => Console.Error.Write(value));

    public override void Write(char[] buffer, int index, int count) => StandardError.Try(() => Console.Error.Write(buffer, index, count));

    public override void Write(string? value) => StandardError.Try(() => Console.Error.Write(value));

    public override void WriteLine(string? value) => StandardError.Try(() => Console.Error.WriteLine(value));

    public override void Flush() => StandardError.Try(Console.Error.Flush);
}
