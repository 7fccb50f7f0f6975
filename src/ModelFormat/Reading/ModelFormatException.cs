using System;

namespace EdgeInference.ModelFormat
{
    /// <summary>
    /// A model file is not what the format allows: corrupt, cut short, of another version, or made to do harm.
    /// The message says which section and byte offset is at fault, and what to do.
    /// </summary>
    [Serializable]
    public class ModelFormatException : Exception
    {
        /// <summary>Creates the exception.</summary>
        /// <param name="section">Name of the section at fault, for example <c>header</c> or <c>operators</c>.</param>
        /// <param name="offset">Byte offset from the start of the file, 0 or more.</param>
        /// <param name="problem">What is wrong there, as a clause without a full stop.</param>
        public ModelFormatException(string section, int offset, string problem)
            : base("The model file is not usable: section '" + section + "', byte " + offset.ToString() + ": " + problem + ".")
        {
            Section = section;
            Offset = offset;
        }

        /// <summary>Name of the section at fault.</summary>
        public string Section { get; }

        /// <summary>Byte offset from the start of the file.</summary>
        public int Offset { get; }
    }
}
