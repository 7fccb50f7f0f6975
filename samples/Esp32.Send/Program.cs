using System.Globalization;
using System.IO.Ports;

namespace EdgeSend;

/// <summary>Sends a model over a serial line: <c>dotnet run --project samples/Esp32.Send -- m.edge /dev/ttyUSB0 [115200]</c>.</summary>
internal static class Program
{
    private const int Refused = 1;
    private const int Failed = 2;

    internal static int Main(string[] arguments)
    {
        int baudRate = 115200;
        if (arguments.Length is not (2 or 3) || (arguments.Length == 3 && !(int.TryParse(arguments[2], NumberStyles.None, CultureInfo.InvariantCulture, out baudRate) && baudRate > 0)))
        {
            Console.Error.WriteLine("Usage: edge-send MODEL.edge PORT [BAUD], for example: edge-send m.edge /dev/ttyUSB0 115200");
            return Failed;
        }

        try
        {
            byte[] file = File.ReadAllBytes(arguments[0]);
            using var port = new SerialPort(arguments[1], baudRate, Parity.None, 8, StopBits.One);
            port.Open();
            port.DiscardInBuffer();
            var sender = new ModelSender(port.BaseStream, sent => Console.Write($"\r{sent} of {file.Length} bytes"));
            (int outcome, string reason) = sender.Send(file);
            Console.WriteLine();
            bool isTaken = outcome is ModelSender.Applied or ModelSender.Unchanged;
            (isTaken ? Console.Out : Console.Error).WriteLine(isTaken ? reason : $"The device refused the model: {reason}");
            return isTaken ? 0 : Refused;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or TimeoutException or ArgumentException or InvalidOperationException)
        {
            Console.Error.WriteLine(exception.Message);
            return Failed;
        }
    }
}
