namespace ModelFormat
{
    /// <summary>Every fixed number of the <c>.edge</c> format. docs/model-format.md explains each; a test holds the two together.</summary>
    public static class FormatLayout
    {
        /// <summary>"EDGE", little endian.</summary>
        public const int Magic = 0x45474445;

        /// <summary>Readers refuse another major version.</summary>
        public const int MajorVersion = 1;

        /// <summary>Readers accept a higher minor version and skip sections and metadata they do not know.</summary>
        public const int MinorVersion = 0;

        /// <summary>Bytes of the header.</summary>
        public const int HeaderBytes = 32;

        /// <summary>Offset of the magic, u32.</summary>
        public const int MagicOffset = 0;

        /// <summary>Offset of the major version, u16.</summary>
        public const int MajorVersionOffset = 4;

        /// <summary>Offset of the minor version, u16.</summary>
        public const int MinorVersionOffset = 6;

        /// <summary>Offset of the length of the model in bytes, u32.</summary>
        public const int LengthOffset = 8;

        /// <summary>Offset of the CRC-32 over all bytes of the model but these four, u32.</summary>
        public const int CrcOffset = 12;

        /// <summary>Offset of the flags, u32, 0 in version 1.</summary>
        public const int FlagsOffset = 16;

        /// <summary>Offset of the number of sections, u32.</summary>
        public const int SectionCountOffset = 20;

        /// <summary>Offset of the arena's size in bytes, u32.</summary>
        public const int ArenaBytesOffset = 24;

        /// <summary>Offset of a reserved u32, 0 in version 1.</summary>
        public const int HeaderReservedOffset = 28;

        /// <summary>Bytes of one entry of the section table, which follows the header.</summary>
        public const int SectionEntryBytes = 16;

        /// <summary>Section identifier: tensors.</summary>
        public const int TensorsSection = 1;

        /// <summary>Section identifier: operators.</summary>
        public const int OperatorsSection = 2;

        /// <summary>Section identifier: indices of input and output tensors.</summary>
        public const int InterfaceSection = 3;

        /// <summary>Section identifier: constants.</summary>
        public const int ConstantsSection = 4;

        /// <summary>Section identifier: metadata.</summary>
        public const int MetadataSection = 5;

        /// <summary>Bytes of one tensor record.</summary>
        public const int TensorRecordBytes = 64;

        /// <summary>Offset in a tensor record of the element type, u8.</summary>
        public const int TensorTypeOffset = 0;

        /// <summary>Offset in a tensor record of the rank, u8.</summary>
        public const int TensorRankOffset = 1;

        /// <summary>Offset in a tensor record of the storage, u8.</summary>
        public const int TensorStorageOffset = 2;

        /// <summary>Offset in a tensor record of the flag "quantized", u8.</summary>
        public const int TensorQuantizedOffset = 3;

        /// <summary>Offset in a tensor record of the six dimensions, i32 each; those past the rank are 1.</summary>
        public const int TensorShapeOffset = 4;

        /// <summary>Offset in a tensor record of the data's offset in the arena or in the constants section, u32.</summary>
        public const int TensorDataOffset = 28;

        /// <summary>Offset in a tensor record of the scale, f32; the first channel's where there are several.</summary>
        public const int TensorScaleOffset = 32;

        /// <summary>Offset in a tensor record of the zero point, i32.</summary>
        public const int TensorZeroPointOffset = 36;

        /// <summary>Offset in a tensor record of the index of the float32 tensor with a scale for each channel, i32, −1 for none.</summary>
        public const int TensorScalesOffset = 40;

        /// <summary>Offset in a tensor record of the axis of the channels, i32, 0 where there are none.</summary>
        public const int TensorAxisOffset = 44;

        /// <summary>Offset in a tensor record of 16 reserved bytes, 0 in version 1.</summary>
        public const int TensorReservedOffset = 48;

        /// <summary>Most dimensions of a tensor.</summary>
        public const int MaxRank = 6;

        /// <summary>Bytes of an operator record before its variable part.</summary>
        public const int OperatorHeaderBytes = 8;

        /// <summary>Offset in an operator record of the opcode, u16.</summary>
        public const int OperatorOpcodeOffset = 0;

        /// <summary>Offset in an operator record of the whole record's size in bytes, u16.</summary>
        public const int OperatorSizeOffset = 2;

        /// <summary>Offset in an operator record of the number of inputs, u8.</summary>
        public const int OperatorInputsOffset = 4;

        /// <summary>Offset in an operator record of the number of outputs, u8.</summary>
        public const int OperatorOutputsOffset = 5;

        /// <summary>Offset in an operator record of the number of parameters, u16.</summary>
        public const int OperatorParametersOffset = 6;

        /// <summary>Constants and sections start at multiples of this many bytes, so that a mapped file can be used in place.</summary>
        public const int Alignment = 64;

        /// <summary>Largest arena that a file may ask for, in bytes.</summary>
        public const int MaxArenaBytes = 256 * 1024 * 1024;

        /// <summary>Bytes of a metadata record before its payload: key u16, kind u16, payload length u32.</summary>
        public const int MetadataHeaderBytes = 8;
    }
}
