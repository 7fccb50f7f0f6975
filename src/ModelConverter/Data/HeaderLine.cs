using System.Text;

namespace EdgeInference.ModelConverter.Data;

/// <summary>Finds the header of a table that begins with a title or with comments, to say where it is.</summary>
internal static class HeaderLine
{
    private const int MostLines = 100;

    private static readonly char[] separators = [',', ';', '\t', '|'];

    /// <summary>The line behind the first that has a cell with a name; null where none has.</summary>
    /// <param name="source">The file.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static int? Find(CsvSource source, string path, string name)
    {
        foreach (char separator in separators)
        {
            using Stream stream = source.Open();
            var scanner = new CsvScanner(stream, separator, path);
            for (int line = 0; line < MostLines && scanner.Read(); line++)
            {
                for (int i = 0; i < scanner.Count && line > 0 && scanner.Count > 1; i++)
                {
                    if (Encoding.UTF8.GetString(scanner[i]) == name)
                    {
                        return scanner.Line;
                    }
                }
            }
        }

        return null;
    }
}
