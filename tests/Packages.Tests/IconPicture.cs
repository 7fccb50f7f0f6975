using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Xml.Linq;

namespace Packages.Tests;

/// <summary>A drawing of rectangles, lines and circles as the pixels of a PNG: NuGet shows PNG and JPEG, no SVG.</summary>
internal static class IconPicture
{
    internal const int Size = 128;

    // Points for each pixel and axis: what lies between two shapes gets a colour between theirs.
    private const int Samples = 4;

    private static readonly byte[] signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Red, green, blue and opacity of each pixel, row by row.</summary>
    internal static byte[] Draw(string svg)
    {
        List<XElement> shapes = [.. XDocument.Load(svg).Root!.Elements().Where(shape => shape.Name.LocalName != "title")];
        byte[] pixels = new byte[Size * Size * 4];
        for (int pixel = 0; pixel < Size * Size; pixel++)
        {
            int red = 0, green = 0, blue = 0, covered = 0;
            for (int sample = 0; sample < Samples * Samples; sample++)
            {
                double x = (pixel % Size) + (((sample % Samples) + 0.5) / Samples);
                double y = (pixel / Size) + (((sample / Samples) + 0.5) / Samples);
                if (shapes.LastOrDefault(shape => Covers(shape, x, y)) is { } top)
                {
                    int colour = Colour(top);
                    red += colour >> 16;
                    green += (colour >> 8) & 255;
                    blue += colour & 255;
                    covered++;
                }
            }

            if (covered > 0)
            {
                pixels[pixel * 4] = (byte)(red / covered);
                pixels[(pixel * 4) + 1] = (byte)(green / covered);
                pixels[(pixel * 4) + 2] = (byte)(blue / covered);
                pixels[(pixel * 4) + 3] = (byte)(covered * 255 / (Samples * Samples));
            }
        }

        return pixels;
    }

    internal static byte[] ToPng(byte[] pixels)
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (int row = 0; row < Size; row++)
            {
                zlib.WriteByte(0);
                zlib.Write(pixels, row * Size * 4, Size * 4);
            }
        }

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Size);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Size);
        header[8] = 8;
        header[9] = 6;
        using var png = new MemoryStream();
        png.Write(signature);
        WriteChunk(png, "IHDR"u8, header);
        WriteChunk(png, "IDAT"u8, data.ToArray());
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    /// <summary>The pixels of a PNG that <see cref="ToPng"/> wrote: another zlib gives other bytes for the same pixels.</summary>
    internal static byte[] FromPng(byte[] png)
    {
        Assert.Equal(signature, png[..8]);
        byte[] pixels = new byte[Size * Size * 4];
        for (int at = 8; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (png.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                using var zlib = new ZLibStream(new MemoryStream(png, at + 8, length), CompressionMode.Decompress);
                for (int row = 0; row < Size; row++)
                {
                    Assert.Equal(0, zlib.ReadByte());
                    zlib.ReadExactly(pixels, row * Size * 4, Size * 4);
                }
            }

            at += 12 + length;
        }

        return pixels;
    }

    private static bool Covers(XElement shape, double x, double y)
    {
        switch (shape.Name.LocalName)
        {
            case "rect":
                double radius = Number(shape, "rx");
                double right = Number(shape, "x") + Number(shape, "width");
                double bottom = Number(shape, "y") + Number(shape, "height");
                double outX = x - Math.Clamp(x, Number(shape, "x") + radius, right - radius);
                double outY = y - Math.Clamp(y, Number(shape, "y") + radius, bottom - radius);
                return (outX * outX) + (outY * outY) <= radius * radius;
            case "circle":
                double fromX = x - Number(shape, "cx");
                double fromY = y - Number(shape, "cy");
                return (fromX * fromX) + (fromY * fromY) <= Number(shape, "r") * Number(shape, "r");
            case "line":
                double alongX = Number(shape, "x2") - Number(shape, "x1");
                double alongY = Number(shape, "y2") - Number(shape, "y1");
                double length = Math.Sqrt((alongX * alongX) + (alongY * alongY));
                double along = (((x - Number(shape, "x1")) * alongX) + ((y - Number(shape, "y1")) * alongY)) / length;
                double beside = (((x - Number(shape, "x1")) * alongY) - ((y - Number(shape, "y1")) * alongX)) / length;
                return along >= 0 && along <= length && Math.Abs(beside) <= Number(shape, "stroke-width") / 2;
            default:
                throw new NotSupportedException($"build/icon.svg has a <{shape.Name.LocalName}>; IconPicture draws rect, line and circle.");
        }
    }

    private static double Number(XElement shape, string name) => double.Parse((string)shape.Attribute(name)!, CultureInfo.InvariantCulture);

    private static int Colour(XElement shape) => int.Parse(((string?)shape.Attribute("fill") ?? (string)shape.Attribute("stroke")!)[1..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static void WriteChunk(MemoryStream png, ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] chunk = [.. type, .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(chunk);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(chunk));
        png.Write(number);
    }

    private static uint Crc(byte[] data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
